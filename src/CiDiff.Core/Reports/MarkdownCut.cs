namespace CiDiff.Reports;

/// <summary>Collects what a limit left out of a Markdown report, and says so.</summary>
internal sealed class MarkdownCut
{
    /// <summary>More than the sentence ever needs, in bytes.</summary>
    public static readonly string Reserve = new(' ', 600);

    private readonly List<Phrase> _parts = [];

    /// <summary>Something was left out <paramref name="count"/> times; nothing happens for 0.</summary>
    public void Add(int count, string one, string many)
    {
        if (count > 0)
        {
            _parts.Add(Phrase.Of($"{count} {new Own(count == 1 ? one : many)}"));
        }
    }

    /// <summary>Where everything is: a file, or the command that prints it.</summary>
    /// <param name="jsonFile">Null when no such file was written.</param>
    public static Phrase Whole(string? jsonFile) => Phrase.Name(jsonFile ?? "cidiff run --output json");

    /// <summary>The sentence; empty when nothing was left out.</summary>
    /// <param name="jsonFile">Where everything is; null when no such file was written.</param>
    public string ToMarkdown(string? jsonFile)
    {
        if (_parts.Count == 0)
        {
            return "";
        }

        var where = Phrase.Of($"{Whole(jsonFile)} {new Own(jsonFile is null ? "prints" : "has")} everything.");
        var page = new MarkdownPage();
        page.Paragraph(Phrase.Of($"✂️ Left out here for length: {Phrase.Join(", ", _parts)}. {where}"));
        return page.ToString();
    }
}

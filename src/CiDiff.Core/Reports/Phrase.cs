using System.Runtime.CompilerServices;
using CiDiff.Artifacts;
using CiDiff.Warehouses;

namespace CiDiff.Reports;

/// <summary>What a piece of a phrase is; each writer quotes it in its own way.</summary>
internal enum PhrasePartKind
{
    /// <summary>Fixed words and formatted numbers: written as they are.</summary>
    Words,

    /// <summary>A name, a type or a value: data to be shown letter by letter.</summary>
    Name,

    /// <summary>A sentence from elsewhere: data, in which backticks mark code.</summary>
    Prose,
}

/// <summary>A piece of a phrase.</summary>
internal readonly record struct PhrasePart(PhrasePartKind Kind, string Text);

/// <summary>A line for people, made of fixed words and data that are kept apart until a writer quotes the data. Raw text does not
/// slip in: the interpolation below takes no <see cref="string"/>.</summary>
internal sealed record Phrase(IReadOnlyList<PhrasePart> Parts)
{
    public static readonly Phrase Empty = new([]);

    public bool IsEmpty => Parts.Count == 0;

    public static Phrase Of(PhraseBuilder builder) => builder.Build();

    /// <summary>Words written in CiDiff's source; never data.</summary>
    public static Phrase Words(string words) => new([new PhrasePart(PhrasePartKind.Words, words)]);

    public static Phrase Name(string data) => new([new PhrasePart(PhrasePartKind.Name, data)]);

    public static Phrase Prose(string data) => new([new PhrasePart(PhrasePartKind.Prose, data)]);

    public static Phrase Number(long? value) => Words(value is { } known ? HumanNumbers.Count(known) : Unknown);

    public static Phrase Join(string separator, IEnumerable<Phrase> phrases)
    {
        var parts = new List<PhrasePart>();
        foreach (var phrase in phrases)
        {
            if (parts.Count > 0)
            {
                parts.Add(new PhrasePart(PhrasePartKind.Words, separator));
            }

            parts.AddRange(phrase.Parts);
        }

        return new Phrase(parts);
    }

    /// <summary>The names, the first few of them, and how many more there are: <c>a, b and 3 more</c>.</summary>
    public static Phrase List(IReadOnlyList<string> names, int most)
    {
        // "and 1 more" is as long as the name itself.
        var shown = names.Count <= most + 1 ? names.Count : most;
        var list = Join(", ", names.Take(shown).Select(Name));
        return shown == names.Count ? list : Of($"{list} and {names.Count - shown} more");
    }

    /// <summary>What stands where a number is not known.</summary>
    public const string Unknown = "–";
}

/// <summary>A sentence from elsewhere; in it, backticks mark code.</summary>
internal readonly record struct Prose(string Text);

/// <summary>A name, a type or a value.</summary>
internal readonly record struct Quoted(string Text);

/// <summary>A number that was formatted by <see cref="HumanNumbers"/>, or a word of CiDiff's own.</summary>
internal readonly record struct Own(string Text);

/// <summary>Builds a <see cref="Phrase"/> from an interpolated string.</summary>
[InterpolatedStringHandler]
#pragma warning disable CS9113 // the compiler hands over both numbers; neither is needed
internal readonly ref struct PhraseBuilder(int literalLength, int formattedCount)
#pragma warning restore CS9113
{
    private readonly List<PhrasePart> _parts = [];

    public void AppendLiteral(string words) => _parts.Add(new PhrasePart(PhrasePartKind.Words, words));

    public void AppendFormatted(long count) => AppendLiteral(HumanNumbers.Count(count));

    public void AppendFormatted(Own words) => AppendLiteral(words.Text);

    public void AppendFormatted(Quoted name) => _parts.Add(new PhrasePart(PhrasePartKind.Name, name.Text));

    public void AppendFormatted(ColumnName column) => AppendFormatted(new Quoted(column.Value));

    public void AppendFormatted(ColumnType type) => AppendFormatted(new Quoted(type.Name));

    public void AppendFormatted(RelationName relation) => AppendFormatted(new Quoted(relation.ToString()));

    public void AppendFormatted(UniqueId id) => AppendFormatted(new Quoted(id.Value));

    public void AppendFormatted(Prose prose) => _parts.Add(new PhrasePart(PhrasePartKind.Prose, prose.Text));

    public void AppendFormatted(Phrase phrase) => _parts.AddRange(phrase.Parts);

    public Phrase Build() => new(_parts);
}

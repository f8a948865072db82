namespace CiDiff.Reports;

/// <summary>The models that only need to be named, in lists to unfold.</summary>
internal static class MarkdownQuietModels
{
    private const double ShareOfRoom = 0.1;

    public static string Identical(IEnumerable<RankedModel> models, MarkdownRoom room, MarkdownCut cut) => Write(
        [.. models],
        ("1 model is identical", "models are identical"),
        [new("Model"), new("Rows", isNumber: true), new("Selected because")],
        model => [Phrase.Name(model.Model.Name), Phrase.Number(model.Diff?.Rows.Head), Phrase.Prose(model.Model.Reason)],
        ("identical model", "identical models"),
        room,
        cut);

    public static string Skipped(IEnumerable<RankedModel> models, MarkdownRoom room, MarkdownCut cut) => Write(
        [.. models],
        ("1 model in reach of the change was skipped", "models in reach of the change were skipped"),
        [new("Model"), new("Why")],
        model => [Phrase.Name(model.Model.Name), Phrase.Prose(model.Model.Reason)],
        ("skipped model", "skipped models"),
        room,
        cut);

    private static string Write(
        IReadOnlyList<RankedModel> models,
        (string One, string Many) summary,
        TableColumn[] columns,
        Func<RankedModel, IReadOnlyList<Phrase>> cells,
        (string One, string Many) noun,
        MarkdownRoom room,
        MarkdownCut cut)
    {
        if (models.Count == 0)
        {
            return "";
        }

        var words = Phrase.Words(models.Count == 1 ? summary.One : $"{HumanNumbers.Count(models.Count)} {summary.Many}");
        var rows = room.UseLines(models.Select(model => MarkdownPage.TableRow(cells(model))), ShareOfRoom, Block([]));
        cut.Add(models.Count - rows.Count, noun.One, noun.Many);
        return rows.Count > 0 ? Block(rows) : "";

        string Block(IReadOnlyList<string> lines)
        {
            var page = new MarkdownPage();
            page.Details(words, details => details.Block(MarkdownPage.TableHead(columns) + string.Concat(lines)));
            return page.ToString();
        }
    }
}

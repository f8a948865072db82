namespace CiDiff.Reports;

/// <summary>The models that only need to be named, in lists to unfold.</summary>
internal static class MarkdownQuietModels
{
    private const double ShareOfRoom = 0.1;

    public static string Identical(IEnumerable<RankedModel> models, MarkdownRoom room, MarkdownCut cut)
    {
        // What is to be known of an answer comes first, and is told in the line that is not folded away.
        IReadOnlyList<RankedModel> ordered = [.. models.OrderBy(model => Notes(model).Count == 0)];
        var noted = ordered.Count(model => Notes(model).Count > 0);
        var summary = noted == 0 ? "" : noted == 1 ? " (1 with a note)" : $" ({HumanNumbers.Count(noted)} with notes)";
        return Write(
            ordered,
            ($"1 model is identical{summary}", $"models are identical{summary}"),
            [new("Model"), new("Rows", isNumber: true), new("Selected because"), .. noted == 0 ? Array.Empty<TableColumn>() : [new("Note")]],
            model =>
            [
                Phrase.Name(model.Model.Name), Phrase.Number(model.Diff?.Rows.Head), Phrase.Prose(model.Model.Reason),
                .. noted == 0 ? Array.Empty<Phrase>() : [Notes(model) is { Count: > 0 } notes ? Phrase.Prose(string.Join(" ", notes)) : Phrase.Words("")],
            ],
            ("identical model", "identical models"),
            room,
            cut);

        static IReadOnlyList<string> Notes(RankedModel model) => model.Diff?.Notes ?? [];
    }

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

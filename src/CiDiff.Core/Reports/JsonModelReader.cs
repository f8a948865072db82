using System.Text.Json;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Reports;

/// <summary>Reads one model of <c>run.json</c>.</summary>
internal static class JsonModelReader
{
    public static ModelReport Read(JsonElement json) => new(ReadModel(json), ReadOutcome(json))
    {
        Line = json.OptionalCount("line") is > 0 and <= int.MaxValue and var line ? (int)line : null,
    };

    private static ModelInReach ReadModel(JsonElement json)
    {
        var id = new UniqueId(json.OptionalText("unique_id") ?? "");
        var relations = new Sides<RelationName?>(ReadRelation(json, "base_relation"), ReadRelation(json, "head_relation"));
        var change = ReadChange(json, id);
        if (!json.Flag("selected"))
        {
            return new SkippedModel
            {
                Id = id,
                Name = json.Text("name"),
                ResourceType = json.OptionalText("resource_type") ?? "",
                Path = json.OptionalText("path") ?? "",
                Change = change,
                Reason = json.Text("reason"),
                Relations = relations,
            };
        }

        return new SelectedModel
        {
            Id = id,
            Name = json.Text("name"),
            ResourceType = json.OptionalText("resource_type") ?? "",
            Path = json.OptionalText("path") ?? "",
            Change = change,
            Reason = json.Text("reason"),
            Relations = relations,
            KeyCandidates = json.List("key_candidates", candidate => new KeyCandidate(
                candidate.Texts("columns"), candidate.Word<KeySource>("source"), candidate.OptionalText("detail"))),
            Rules = new CompareRules
            {
                Filter = json.OptionalText("filter") is { } filter ? new ConfiguredSql(filter, "run.json") : null,
            },
            PrivateColumns = json.Texts("private_columns"),
        };
    }

    private static NodeChange ReadChange(JsonElement json, UniqueId id) =>
        json.OptionalObject("state") is { } state
            ? new NodeChange
            {
                Id = id,
                Kind = state.Word<ChangeKind>("kind"),
                Changes = [.. state.Texts("changes").Select(word =>
                    ReportWords.Parse<ChangeReason>(word) ?? throw new FormatException($"'{word}' is no change."))],
                Macros = [.. state.Texts("macros").Select(macro => new UniqueId(macro))],
                IsCosmetic = state.Flag("cosmetic"),
                FalsePositive = state.OptionalText("false_positive"),
                MovedFromOrTo = state.OptionalText("moved") is { } moved ? new UniqueId(moved) : null,
            }
            : new NodeChange { Id = id, Kind = ChangeKind.Unmodified };

    private static ModelOutcome? ReadOutcome(JsonElement json) => json.Text("outcome") switch
    {
        "compared" => new ModelOutcome.Compared(ReadDiff(json)),
        "failed" => new ModelOutcome.Failed(ReadFailure(json)),
        "not_compared" when json.OptionalText("not_compared_because") is not null => ReadNotCompared(json),
        "not_compared" or "skipped" => null,
        var word => throw new FormatException($"'{word}' is no outcome."),
    };

    private static UserErrorException ReadFailure(JsonElement json)
    {
        var error = JsonReportReader.ReadError(json) ?? throw new FormatException("A failed model has no error.");
        return new UserErrorException(new ErrorCode(error.Code, ""), error.Message, error.Hint);
    }

    private static ModelOutcome.NotCompared ReadNotCompared(JsonElement json)
    {
        var rows = json.OptionalObject("rows");
        return new ModelOutcome.NotCompared(
            json.Word<NotComparedReason>("not_compared_because"),
            new(rows?.OptionalCount("base"), rows?.OptionalCount("head")),
            json.OptionalObject("keys")?.OptionalObject("head") is { } head ? ReadKeyCounts(head) : null)
        {
            EstimatedRows = json.OptionalObject("estimated_rows") is { } estimated ? new(estimated.OptionalCount("base"), estimated.OptionalCount("head")) : new(null, null),
        };
    }

    private static TableDiff ReadDiff(JsonElement json)
    {
        var rows = json.GetProperty("rows");
        var cost = json.GetProperty("cost");
        var sampled = json.OptionalObject("sampled");
        var diff = new TableDiff
        {
            Schema = ReadSchema(json.GetProperty("schema")),
            Key = json.OptionalObject("key") is { } key
                ? new DiffKey(
                    [.. key.Texts("columns").Select(column => new ColumnName(column))], key.Word<KeySource>("source"), key.OptionalText("detail"))
                : null,
            Rows = sampled is null
                ? new RowCounts(
                    rows.Count("base"), rows.Count("head"), rows.Count("added"), rows.Count("removed"), rows.OptionalCount("changed"), rows.Count("same"))
                : new RowCounts(rows.Count("base"), rows.Count("head"), 0, 0, 0, 0),
            Keys = json.OptionalObject("keys") is { } keys
                ? new Sides<KeyCounts>(ReadKeys(keys.GetProperty("base")), ReadKeys(keys.GetProperty("head")))
                : null,
            Columns = json.List("columns", ReadColumn),
            MatchScore = json.OptionalNumber("match_score") ?? double.NaN,
            Samples = json.OptionalObject("samples") is { } samples ? ReadSamples(samples) : DiffSamples.None,
            Strategy = json.Word<DiffStrategy>("strategy"),
            Profiles = JsonProfiles.Read(json),
            Timeline = json.OptionalObject("timeline") is { } timeline ? JsonTimeline.Read(timeline) : null,
            Attribution = json.OptionalObject("attribution") is { } attribution ? JsonAttribution.Read(attribution) : null,
            Cost = new DiffCost(
                TimeSpan.FromMilliseconds((double)(cost.GetProperty("seconds").GetDecimal() * 1000)),
                (int)cost.Count("queries"),
                cost.OptionalCount("bytes")),
            Notes = json.Texts("notes"),
            HasUnmatchedBadKeys = json.Flag("unmatched_rows_differ"),
        };
        return sampled is { } sample ? JsonSample.Read(sample, diff) : diff;

        // Of a sample only the nulls are counts.
        KeyCounts ReadKeys(JsonElement counts) => sampled is null ? ReadKeyCounts(counts) : new KeyCounts(counts.Count("null"), 0, 0, 0);
    }

    private static SchemaDiff ReadSchema(JsonElement schema) => new(
        schema.List("added", column => NewColumn(column.Text("name"), column.Text("type"))),
        schema.List("removed", column => NewColumn(column.Text("name"), column.Text("type"))),
        schema.List("retyped", column => new RetypedColumn(
            new ColumnName(column.Text("name")), NewType(column.Text("base")), NewType(column.Text("head")))),
        schema.List("renamed", column => new RenamedColumn(
            new ColumnName(column.Text("base")), new ColumnName(column.Text("head")), column.Text("by"))
        { Share = column.OptionalNumber("share") }),
        schema.Flag("reordered"));

    private static KeyCounts ReadKeyCounts(JsonElement counts) => new(
        counts.Count("null"), counts.Count("duplicate"), counts.Count("duplicate_rows"), counts.Count("distinct"));

    private static ColumnDiff ReadColumn(JsonElement column)
    {
        var name = column.Text("name");
        return JsonSample.ReadColumn(column, new ColumnDiff(
            NewColumn(column.OptionalText("base_name") ?? name, column.Text("base_type")),
            NewColumn(name, column.Text("head_type")),
            column.Flag("compared"),
            column.OptionalText("not_compared_because"),
            column.OptionalCount("changed"),
            column.OptionalNumber("changed_share"),
            column.OptionalObject("nulls") is { } nulls ? new Sides<long>(nulls.Count("base"), nulls.Count("head")) : null));
    }

    private static DiffSamples ReadSamples(JsonElement samples)
    {
        var duplicates = samples.GetProperty("duplicate_keys");
        return new DiffSamples
        {
            Changed = samples.List("changed", row => new ChangedRow(
                row.TextsOrNulls("key"),
                row.List("values", value => new ChangedValue(value.Text("column"), value.OptionalText("base"), value.OptionalText("head"))))),
            Added = samples.List("added", ReadRow),
            Removed = samples.List("removed", ReadRow),
            DuplicateKeys = new(duplicates.List("base", ReadBadKey), duplicates.List("head", ReadBadKey)),
        };
    }

    private static SampleRow ReadRow(JsonElement row) => new(
        row.TextsOrNulls("key"),
        row.List("values", value => KeyValuePair.Create(value.Text("column"), value.OptionalText("value"))),
        row.Count("occurrences"));

    private static BadKey ReadBadKey(JsonElement key) => new(key.TextsOrNulls("key"), key.Count("occurrences"));

    // Only the name of a type is in the file; what family it belongs to matters to nobody who reads it back.
    private static ColumnType NewType(string name) => new(name, TypeFamily.Other);

    private static Column NewColumn(string name, string type) => new(new ColumnName(name), NewType(type));

    private static RelationName? ReadRelation(JsonElement json, string name) =>
        json.OptionalText(name) is { } text ? ParseRelation(text) : null;

    /// <summary>The reverse of <see cref="RelationName.ToString"/>.</summary>
    internal static RelationName ParseRelation(string text)
    {
        var parts = new List<string>();
        var rest = text.AsSpan();
        while (true)
        {
            if (rest is not ['"', ..])
            {
                throw new FormatException($"'{text}' is no relation name.");
            }

            var end = 1;
            while (end < rest.Length && (rest[end] != '"' || (end + 1 < rest.Length && rest[end + 1] == '"')))
            {
                end += rest[end] == '"' ? 2 : 1;
            }

            if (end >= rest.Length)
            {
                throw new FormatException($"'{text}' is no relation name.");
            }

            parts.Add(rest[1..end].ToString().Replace("\"\"", "\"", StringComparison.Ordinal));
            rest = rest[(end + 1)..];
            if (rest.IsEmpty)
            {
                break;
            }

            if (rest[0] != '.')
            {
                throw new FormatException($"'{text}' is no relation name.");
            }

            rest = rest[1..];
        }

        return parts.Count switch
        {
            1 => new RelationName(null, null, parts[0]),
            2 => new RelationName(null, parts[0], parts[1]),
            3 => new RelationName(parts[0], parts[1], parts[2]),
            _ => throw new FormatException($"'{text}' is no relation name."),
        };
    }
}

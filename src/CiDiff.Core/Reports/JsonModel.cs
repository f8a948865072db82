using System.Text.Json;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.State;

namespace CiDiff.Reports;

/// <summary>One model of <c>run.json</c>. Fields that do not apply to its outcome are null.</summary>
internal static class JsonModel
{
    public static void Write(Utf8JsonWriter json, ModelReport report, ValuePrivacy privacy)
    {
        var model = report.Model;
        var selected = model as SelectedModel;
        var diff = (report.Outcome as ModelOutcome.Compared)?.Diff;

        json.WriteStartObject();
        json.WriteString("unique_id", NullIfEmpty(model.Id.Value));
        json.WriteString("name", model.Name);
        json.WriteString("resource_type", NullIfEmpty(model.ResourceType));
        json.WriteString("path", NullIfEmpty(model.Path));
        if (report.Line is { } line)
        {
            json.WriteNumber("line", line);
        }

        WriteState(json, model);
        json.WriteBoolean("selected", selected is not null);
        json.WriteString("reason", model.Reason);
        json.WriteString("outcome", Outcome(report));
        json.WriteString("not_compared_because", (report.Outcome as ModelOutcome.NotCompared) is { } not ? ReportWords.Of(not.Reason) : null);
        json.WriteString("status", diff is null ? null : diff.HasDifferences ? "different" : diff.IsIdentical ? "identical" : null);
        json.WriteString("base_relation", model.Relations.Base?.ToString());
        json.WriteString("head_relation", model.Relations.Head?.ToString());
        WriteKey(json, diff?.Key);
        WriteCandidates(json, selected);
        json.WriteString("filter", selected?.Rules.Filter?.Text);
        JsonReport.WriteStrings(json, "private_columns", selected?.PrivateColumns ?? []);
        WriteSchema(json, diff?.Schema);
        WriteRows(json, report.Outcome);
        WriteEstimatedRows(json, report.Outcome);
        WriteKeys(json, report.Outcome);
        WriteColumns(json, diff);
        WriteNumber(json, "match_score", diff is { Sample: null } ? diff.MatchScore : null);
        JsonSample.Write(json, diff);
        json.WriteString("strategy", diff is null ? null : ReportWords.Of(diff.Strategy));
        WriteCost(json, diff?.Cost);
        JsonReport.WriteStrings(json, "notes", diff?.Notes ?? []);
        JsonReport.WriteError(json, report.Outcome is ModelOutcome.Failed failed ? RunError.From(failed.Error) : null);
        if (ShownAttribution.Of(report, privacy) is { } attribution)
        {
            JsonAttribution.Write(json, attribution);
        }

        if (ShownTimeline.Of(report, privacy) is { } timeline)
        {
            JsonTimeline.Write(json, timeline);
        }

        if (ShownProfiles.Of(report, privacy) is { Count: > 0 } profiles)
        {
            JsonProfiles.Write(json, profiles);
        }

        if (ShownSamples.Of(report, privacy) is { } samples)
        {
            JsonSamples.Write(json, samples);
        }

        json.WriteEndObject();
    }

    private static string Outcome(ModelReport report) => report.Outcome switch
    {
        ModelOutcome.Compared => "compared",
        ModelOutcome.Failed => "failed",
        ModelOutcome.NotCompared => "not_compared",
        _ => report.Model is SelectedModel ? "not_compared" : "skipped",
    };

    private static void WriteState(Utf8JsonWriter json, ModelInReach model)
    {
        // A comparison without dbt has no manifests to compare.
        if (model.Id.Value.Length == 0)
        {
            json.WriteNull("state");
            return;
        }

        var change = model.Change;
        json.WriteStartObject("state");
        json.WriteString("kind", ReportWords.Of(change.Kind));
        JsonReport.WriteStrings(json, "changes", change.Changes.Select(ReportWords.Of<ChangeReason>));
        JsonReport.WriteStrings(json, "macros", change.Macros.Select(macro => macro.Value));
        json.WriteBoolean("cosmetic", change.IsCosmetic);
        json.WriteString("false_positive", change.FalsePositive);
        json.WriteString("moved", change.MovedFromOrTo?.Value);
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, DiffKey? key)
    {
        if (key is null)
        {
            json.WriteNull("key");
            return;
        }

        json.WriteStartObject("key");
        JsonReport.WriteStrings(json, "columns", key.Columns.Select(column => column.Value));
        json.WriteString("source", ReportWords.Of(key.Source));
        json.WriteString("detail", key.Detail);
        json.WriteEndObject();
    }

    private static void WriteCandidates(Utf8JsonWriter json, SelectedModel? model)
    {
        json.WriteStartArray("key_candidates");
        foreach (var candidate in model?.KeyCandidates ?? [])
        {
            json.WriteStartObject();
            JsonReport.WriteStrings(json, "columns", candidate.Columns);
            json.WriteString("source", ReportWords.Of(candidate.Source));
            json.WriteString("detail", candidate.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSchema(Utf8JsonWriter json, SchemaDiff? schema)
    {
        if (schema is null)
        {
            json.WriteNull("schema");
            return;
        }

        json.WriteStartObject("schema");
        WriteColumnList("added", schema.Added);
        WriteColumnList("removed", schema.Removed);
        json.WriteStartArray("retyped");
        foreach (var column in schema.Retyped)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name.Value);
            json.WriteString("base", column.Base.Name);
            json.WriteString("head", column.Head.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("renamed");
        foreach (var column in schema.Renamed)
        {
            json.WriteStartObject();
            json.WriteString("base", column.Base.Value);
            json.WriteString("head", column.Head.Value);
            json.WriteString("by", column.By);
            if (column.Share is { } share)
            {
                WriteNumber(json, "share", share);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("reordered", schema.IsReordered);
        json.WriteEndObject();

        void WriteColumnList(string name, IReadOnlyList<Warehouses.Column> columns)
        {
            json.WriteStartArray(name);
            foreach (var column in columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name.Value);
                json.WriteString("type", column.Type.Name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void WriteRows(Utf8JsonWriter json, ModelOutcome? outcome)
    {
        switch (outcome)
        {
            case ModelOutcome.Compared { Diff: { Sample: not null, Rows: var rows } }:
                WriteCounts(rows.Base, rows.Head, null, null, null, null);
                break;
            case ModelOutcome.Compared { Diff.Rows: var rows }:
                WriteCounts(rows.Base, rows.Head, rows.Added, rows.Removed, rows.Changed, rows.Same);
                break;
            case ModelOutcome.NotCompared { Rows: var rows } when rows.Base is not null || rows.Head is not null:
                WriteCounts(rows.Base, rows.Head, null, null, null, null);
                break;
            default:
                json.WriteNull("rows");
                break;
        }

        void WriteCounts(long? inBase, long? inHead, long? added, long? removed, long? changed, long? same)
        {
            json.WriteStartObject("rows");
            WriteCount(json, "base", inBase);
            WriteCount(json, "head", inHead);
            WriteCount(json, "added", added);
            WriteCount(json, "removed", removed);
            WriteCount(json, "changed", changed);
            WriteCount(json, "same", same);
            json.WriteEndObject();
        }
    }

    private static void WriteEstimatedRows(Utf8JsonWriter json, ModelOutcome? outcome)
    {
        if (outcome is not ModelOutcome.NotCompared { EstimatedRows: var rows } || rows is (null, null))
        {
            json.WriteNull("estimated_rows");
            return;
        }

        json.WriteStartObject("estimated_rows");
        WriteCount(json, "base", rows.Base);
        WriteCount(json, "head", rows.Head);
        json.WriteEndObject();
    }

    private static void WriteKeys(Utf8JsonWriter json, ModelOutcome? outcome)
    {
        var (inBase, inHead) = outcome switch
        {
            ModelOutcome.Compared { Diff.Keys: { } keys } => (keys.Base, keys.Head),
            ModelOutcome.NotCompared { Keys: { } keys } => (null, keys),
            _ => ((KeyCounts?)null, (KeyCounts?)null),
        };
        if (inBase is null && inHead is null)
        {
            json.WriteNull("keys");
            return;
        }

        var isEstimated = (outcome as ModelOutcome.Compared)?.Diff.Sample is not null;
        json.WriteStartObject("keys");
        WriteSide("base", inBase);
        WriteSide("head", inHead);
        json.WriteEndObject();

        void WriteSide(string side, KeyCounts? counts)
        {
            if (counts is null)
            {
                json.WriteNull(side);
                return;
            }

            json.WriteStartObject(side);
            json.WriteNumber("null", counts.Null);
            WriteCount(json, "duplicate", isEstimated ? null : counts.Duplicate);
            WriteCount(json, "duplicate_rows", isEstimated ? null : counts.DuplicateRows);
            WriteCount(json, "distinct", isEstimated ? null : counts.Distinct);
            json.WriteEndObject();
        }
    }

    private static void WriteColumns(Utf8JsonWriter json, TableDiff? diff)
    {
        if (diff is null)
        {
            json.WriteNull("columns");
            json.WriteNull("unmatched_rows_differ");
            return;
        }

        json.WriteStartArray("columns");
        foreach (var column in diff.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Head.Name.Value);
            json.WriteString("base_name", column.Base.Name == column.Head.Name ? null : column.Base.Name.Value);
            json.WriteString("base_type", column.Base.Type.Name);
            json.WriteString("head_type", column.Head.Type.Name);
            json.WriteBoolean("compared", column.IsCompared);
            json.WriteString("not_compared_because", column.NotComparedBecause);
            WriteCount(json, "changed", diff.Sample is null ? column.Changed : null);
            WriteNumber(json, "changed_share", diff.Sample is null ? column.ChangedShare : null);
            JsonSample.WriteColumn(json, column);
            if (column.Nulls is { } nulls)
            {
                json.WriteStartObject("nulls");
                json.WriteNumber("base", nulls.Base);
                json.WriteNumber("head", nulls.Head);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("unmatched_rows_differ", diff.HasUnmatchedBadKeys);
    }

    private static void WriteCost(Utf8JsonWriter json, DiffCost? cost)
    {
        if (cost is null)
        {
            json.WriteNull("cost");
            return;
        }

        json.WriteStartObject("cost");
        json.WriteNumber("seconds", Math.Round((decimal)cost.Elapsed.TotalMilliseconds) / 1000);
        json.WriteNumber("queries", cost.Queries);
        WriteCount(json, "bytes", cost.Bytes);
        json.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        // JSON has no NaN: a share that is none is not known.
        if (value is { } known && double.IsFinite(known))
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

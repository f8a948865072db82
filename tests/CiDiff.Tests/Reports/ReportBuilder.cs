using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Reports;

/// <summary>Makes reports for tests: everything has a plain default, so that a test names only what it is about.</summary>
internal static class ReportBuilder
{
    public static readonly ColumnType Integer = new("integer", TypeFamily.Integer);
    public static readonly ColumnType Numeric = new("numeric(12,2)", TypeFamily.Decimal);
    public static readonly ColumnType DoublePrecision = new("double precision", TypeFamily.Float);
    public static readonly ColumnType Text = new("text", TypeFamily.Text);
    public static readonly ColumnType Timestamp = new("timestamp without time zone", TypeFamily.Timestamp);

    public static SelectedModel Selected(
        string name,
        string reason = "modified: body",
        ChangeKind kind = ChangeKind.Modified,
        ChangeReason[]? changes = null,
        string folder = "models/marts",
        string resourceType = "model",
        string? onlyOn = null) => new()
        {
            Id = new UniqueId($"{resourceType}.shop.{name}"),
            Name = name,
            ResourceType = resourceType,
            Path = $"{folder}/{name}.sql",
            Change = Change($"{resourceType}.shop.{name}", kind, changes),
            Reason = reason,
            Relations = new(
                onlyOn == "head" ? null : new RelationName("shop", "analytics", name),
                onlyOn == "base" ? null : new RelationName("shop", "dbt_pr_42", name)),
            KeyCandidates = [new KeyCandidate([$"{name}_id"], KeySource.UniqueTest, $"test `unique_{name}_{name}_id`")],
            Rules = new CompareRules(),
        };

    public static ModelReport Skipped(string name, string reason) => new(
        new SkippedModel
        {
            Id = new UniqueId($"model.shop.{name}"),
            Name = name,
            ResourceType = "model",
            Path = $"models/{name}.sql",
            Change = Change($"model.shop.{name}", ChangeKind.Unmodified, null),
            Reason = reason,
            Relations = new(new RelationName("shop", "analytics", name), new RelationName("shop", "dbt_pr_42", name)),
        },
        Outcome: null);

    public static NodeChange Change(string id, ChangeKind kind, ChangeReason[]? changes) => new()
    {
        Id = new UniqueId(id),
        Kind = kind,
        Changes = changes ?? (kind == ChangeKind.Modified ? [ChangeReason.Body] : []),
    };

    public static TableDiff Diff(
        RowCounts rows,
        DiffKey? key,
        SchemaDiff? schema = null,
        Sides<KeyCounts>? keys = null,
        IReadOnlyList<ColumnDiff>? columns = null,
        DiffSamples? samples = null,
        double matchScore = 1,
        double seconds = 0.4,
        int queries = 3,
        IReadOnlyList<string>? notes = null,
        bool badKeysDiffer = false) => new()
        {
            Schema = schema ?? SameSchema,
            Key = key,
            Rows = rows,
            Keys = key is null ? null : keys ?? new(GoodKeys(rows.Base), GoodKeys(rows.Head)),
            Columns = columns ?? [],
            MatchScore = matchScore,
            Samples = samples ?? DiffSamples.None,
            Strategy = key is null ? DiffStrategy.Keyless : DiffStrategy.Join,
            Cost = new DiffCost(TimeSpan.FromSeconds(seconds), queries, Bytes: null),
            Notes = notes ?? [],
            HasUnmatchedBadKeys = badKeysDiffer,
        };

    public static readonly SchemaDiff SameSchema = new([], [], [], [], IsReordered: false);

    public static DiffKey Key(string column, KeySource source = KeySource.UniqueTest, string? detail = null) =>
        new([new ColumnName(column)], source, detail);

    public static KeyCounts GoodKeys(long rows) => new(Null: 0, Duplicate: 0, DuplicateRows: 0, Distinct: rows);

    public static Column Column(string name, ColumnType type) => new(new ColumnName(name), type);

    public static ColumnDiff Compared(string name, long changed, long matched, ColumnType? type = null) => new(
        Column(name, type ?? Text),
        Column(name, type ?? Text),
        IsCompared: true,
        NotComparedBecause: null,
        changed,
        matched == 0 ? 0 : (double)changed / matched,
        Nulls: null);

    public static ColumnDiff NotCompared(string name, string because, ColumnType? type = null) => new(
        Column(name, type ?? Text), Column(name, type ?? Text), IsCompared: false, because, Changed: null, ChangedShare: null, Nulls: null);

    public static ModelReport Identical(string name, long rows, string reason = "modified: body", string? note = null) => new(
        Selected(name, reason),
        new ModelOutcome.Compared(Diff(new RowCounts(rows, rows, 0, 0, 0, rows), Key($"{name}_id"), columns: [Compared("status", 0, rows)]) with { Notes = note is null ? [] : [note] }));

    public static UserErrorException Denied(string relation) => new(
        ErrorCodes.AccessDenied,
        $"The user 'ci' may not read {relation}.",
        $"Grant select on it: `grant select on {relation} to ci`.");

    public static string Render(IReportWriter writer, RunReport report)
    {
        using var text = new StringWriter();
        writer.Write(report, text);
        return text.ToString();
    }
}

using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>Comparisons, in a line.</summary>
internal static class Diff
{
    public static Task<TableDiff> TablesAsync(
        IWarehouse warehouse, string schemaBase, string schemaHead, string table, IReadOnlyList<string>? key, CompareRules? rules = null) =>
        SourcesAsync(
            warehouse,
            new DiffSource.Relation(new RelationName(null, schemaBase, table)),
            new DiffSource.Relation(new RelationName(null, schemaHead, table)),
            key,
            rules);

    public static Task<TableDiff> SourcesAsync(
        IWarehouse warehouse, DiffSource ofBase, DiffSource ofHead, IReadOnlyList<string>? key, CompareRules? rules = null) =>
        SourcesAsync(warehouse, ofBase, ofHead, key is null ? [] : [new KeyCandidate(key, KeySource.Explicit)], rules);

    public static Task<TableDiff> SourcesAsync(
        IWarehouse warehouse, DiffSource ofBase, DiffSource ofHead, IReadOnlyList<KeyCandidate> keys, CompareRules? rules = null, IProgress<RunEvent>? progress = null) =>
        SourcesAsync(WarehousePair.Of(warehouse), ofBase, ofHead, keys, rules, progress);

    public static Task<TableDiff> TablesAsync(
        WarehousePair warehouses, string schemaBase, string schemaHead, string table, IReadOnlyList<string>? key, CompareRules? rules = null, IProgress<RunEvent>? progress = null) =>
        SourcesAsync(
            warehouses,
            new DiffSource.Relation(new RelationName(null, schemaBase, table)),
            new DiffSource.Relation(new RelationName(null, schemaHead, table)),
            key is null ? [] : [new KeyCandidate(key, KeySource.Explicit)],
            rules,
            progress);

    public static async Task<TableDiff> SourcesAsync(
        WarehousePair warehouses, DiffSource ofBase, DiffSource ofHead, IReadOnlyList<KeyCandidate> keys, CompareRules? rules = null, IProgress<RunEvent>? progress = null)
    {
        var request = new TableDiffRequest("a_model", new Sides<DiffSource>(ofBase, ofHead), keys, rules ?? new CompareRules());
        var options = new SessionOptions("test", "a_model", TimeSpan.FromMinutes(1), progress);
        return await TableDiffer.DiffAsync(request, warehouses, options, default);
    }
}

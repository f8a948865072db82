using CiDiff.Errors;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Diffing;

/// <summary>Compares two tables that no single query can read: their columns in one set of types, their rows by hashes and, where these differ, in a
/// database of our own.</summary>
internal sealed class SeparateDiffer(TableDiffRequest request, Sides<DiffSide> sides, Sides<DiffSession> sessions, PairSession pairSession)
{
    /// <summary>Compares.</summary>
    /// <returns>Everything but the cost.</returns>
    public async Task<TableDiff> CompareAsync(CancellationToken cancellationToken)
    {
        CheckNames(sides.Base);
        CheckNames(sides.Head);
        var dialect = DuckDbScratch.Dialect;
        var portable = sides.Map(side => side.Columns.Select(column => column with { Type = side.Dialect.PortableType(column.Type) }).ToList());
        var matching = ColumnMatching.Of(dialect, portable.Map(columns => (IReadOnlyList<Column>)columns), request.Rules);
        TableDiffer.CheckColumns(request, matching);
        IReadOnlyList<PortableColumn> columns = [.. matching.Columns.Select(plan => PortableColumn.Of(Original(plan.Pair), plan))];

        var scratch = pairSession.Warehouses.Scratch;
        var time = await LimitAsync(columns, scratch, cancellationToken);
        var tables = scratch.NewTables();
        var pair = new TablePair(
            dialect,
            new(Compared(dialect, time.Sides.Base, tables.Base, portable.Base, columns), Compared(dialect, time.Sides.Head, tables.Head, portable.Head, columns)),
            [.. columns.Select(column => column.Compared)],
            request.Rules);
        var separate = new Sides<SeparateSide>(new(time.Sides.Base, true, sessions.Base), new(time.Sides.Head, false, sessions.Head));
        var rows = new SeparateRows(pair, columns, separate, scratch, pairSession.Options);
        var diff = await CompareAsync(new PairDiffer(pair, matching, rows), tables, scratch, cancellationToken);
        return diff with
        {
            Schema = Original(diff.Schema, columns),
            Columns = [.. diff.Columns.Select(column => column with { Base = Original(sides.Base, column.Base), Head = Original(sides.Head, column.Head) })],
            Notes = [.. Precision(columns), .. time.Notes, .. diff.Notes],
        };
    }

    private async Task<TableDiff> CompareAsync(PairDiffer differ, Sides<RelationName> tables, DuckDbScratch scratch, CancellationToken cancellationToken)
    {
        try
        {
            return await differ.CompareAsync(request.KeyCandidates, cancellationToken);
        }
        finally
        {
            scratch.Drop(tables.Base);
            scratch.Drop(tables.Head);
        }
    }

    private async Task<(Sides<DiffSide> Sides, IReadOnlyList<string> Notes)> LimitAsync(
        IReadOnlyList<PortableColumn> columns, DuckDbScratch scratch, CancellationToken cancellationToken)
    {
        await using var session = scratch.OpenSession(pairSession.Options);
        return await EventTime.LimitAsync(sides, columns, request.Rules, sessions, new DiffSession(session), cancellationToken);
    }

    // The embedded engine that compares them tells no such names apart.
    private static void CheckNames(DiffSide side)
    {
        if (side.Columns.GroupBy(column => column.Name.Value, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } alike)
        {
            throw new UserErrorException(
                ErrorCodes.DuplicateColumn,
                $"{side} on {side.Name} has columns whose names differ in case only: {string.Join(", ", alike.Select(column => $"'{column.Name}'"))}.",
                hint: "Tables in different databases are compared without regard to case: compare queries that give each column a name of its own.");
        }
    }

    private static DiffSide Compared(
        SqlDialect dialect, DiffSide side, RelationName table, IReadOnlyList<Column> portable, IReadOnlyList<PortableColumn> columns)
    {
        var exact = columns.Where(column => column.IsExact).SelectMany(column => new[] { column.Original.Base.Name, column.Original.Head.Name }).ToHashSet();
        var unique = side.Relation?.UniqueKeys.Where(key => key.All(exact.Contains)).ToList() ?? [];
        var relation = new RelationInfo(table, RelationKind.Table, portable, unique, side.Relation?.EstimatedRows);
        return new DiffSide(dialect, side.Name, new DiffSource.Relation(table), relation, portable, Filter: null) { Label = side.ToString() };
    }

    private static IEnumerable<string> Precision(IReadOnlyList<PortableColumn> columns) =>
        from column in columns
        where column.Compared.NotComparedBecause is null && column.IsShortened
        select $"Column '{column.Original.Head.Name}' is compared to the microsecond.";

    private ColumnPair Original(ColumnPair pair) => new(Original(sides.Base, pair.Base), Original(sides.Head, pair.Head));

    private static Column Original(DiffSide side, Column column) => side.Columns.Single(own => own.Name == column.Name);

    private SchemaDiff Original(SchemaDiff schema, IReadOnlyList<PortableColumn> columns) => schema with
    {
        Added = [.. schema.Added.Select(column => Original(sides.Head, column))],
        Removed = [.. schema.Removed.Select(column => Original(sides.Base, column))],
        Retyped =
        [
            .. from retyped in schema.Retyped
               where !IsWithoutCounterpart(retyped)
               let original = columns.Single(column => column.Original.Head.Name == retyped.Name).Original
               select new RetypedColumn(retyped.Name, original.Base.Type, original.Head.Type),
        ],
    };

    // PostgreSQL's numeric is what DuckDB can only have as a decimal or as a hugeint, and its timestamp(3) is DuckDB's timestamp_ms.
    private bool IsWithoutCounterpart(RetypedColumn retyped)
    {
        var (first, second) = (retyped.Base, retyped.Head);
        return sides.Base.Dialect.GetType() != sides.Head.Dialect.GetType()
            && ((first == PortableTypes.Numeric && IsExactNumber(second))
                || (second == PortableTypes.Numeric && IsExactNumber(first))
                || (first.Family == TypeFamily.Timestamp && second.Family == TypeFamily.Timestamp));
    }

    private static bool IsExactNumber(ColumnType type) => type.Family is TypeFamily.Decimal or TypeFamily.Integer && !PortableTypes.FitsInt64(type);
}

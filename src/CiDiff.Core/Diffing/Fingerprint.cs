using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The hashes of both sides' rows, as expressions.</summary>
/// <remarks>Sums of hashes are compared, not exclusive ors, in which two equal rows would cancel. A column's hash is mixed with its row's key, so that
/// values which changed places do not cancel either. See <c>docs/adr/0007-fingerprints.md</c>.</remarks>
internal static class Fingerprint
{
    /// <summary>Why two tables cannot be compared by hashes first, as half a sentence; null when they can.</summary>
    public static string? Obstacle(TableKey key)
    {
        if (key.Pair.Dialect.Fingerprints == FingerprintKind.None)
        {
            return "this warehouse has no hash of 64 bits";
        }

        if (Key(key) is null)
        {
            return "the key's type has no hash";
        }

        var column = key.Compared.FirstOrDefault(column => Hash(key, column.Pair, seed: null) is null);
        return column is null ? null : $"the type of column '{column.Pair.Head.Name}', {column.Pair.Head.Type.Name}, has no hash";
    }

    /// <summary>The hash of the key on both sides; null when a type has none.</summary>
    public static Sides<SqlText>? Key(TableKey key)
    {
        var hash = new Sides<SqlText?>(null, null);
        foreach (var (pair, forms) in key.Columns.Zip(key.Forms))
        {
            hash = new(
                key.Pair.Dialect.Hash(forms.Base, pair.Types, hash.Base),
                key.Pair.Dialect.Hash(forms.Head, pair.Types, hash.Head));
            if (hash is not { Base: not null, Head: not null })
            {
                return null;
            }
        }

        return new(hash.Base!, hash.Head!);
    }

    /// <summary>The hash of a whole row of a side, its key included, whose types all have one.</summary>
    public static SqlText OfRow(TableKey key, DiffSide side)
    {
        var isBase = side == key.Pair.Sides.Base;
        return key.Pair.Dialect.RowHash(
        [
            .. key.Columns.Zip(key.Forms, (pair, form) => (isBase ? form.Base : form.Head, pair.Types)),
            .. key.Compared.Select(column => (isBase ? Value(key, column.Pair).Base : Value(key, column.Pair).Head, column.Pair.Types)),
        ]);
    }

    /// <summary>The columns of a side that <see cref="OfRow"/> needs.</summary>
    public static IEnumerable<Column> ColumnsOf(TableKey key, DiffSide side) =>
        key.Columns.Concat(key.Compared.Select(column => column.Pair)).Select(pair => side == key.Pair.Sides.Base ? pair.Base : pair.Head);

    /// <summary>What the hashes of a row's values are mixed with on both sides: the key itself where it is a whole number, which costs nothing, or its hash.</summary>
    public static Sides<SqlText> Seed(TableKey key) => BucketFingerprint.IsOfNumbers(key)
        ? key.Pair.Values(key.Columns[0]).Map(value => key.Pair.Dialect.Sql($"cast({value} as bigint)"))
        : Key(key)!;

    /// <summary>A hash of the <see cref="Seed"/> that stands for no value.</summary>
    public static Sides<SqlText> OfSeed(TableKey key) => Seed(key).Map(key.Pair.Dialect.NumberHash);

    /// <summary>What is hashed of a column.</summary>
    /// <remarks>Equal texts of one type are equal values, whatever else is equal too, and json as it is written has one without being taken apart.</remarks>
    public static Sides<SqlText> Value(TableKey key, ColumnPair pair) =>
        pair is { IsRetyped: false, Head.Type.Family: TypeFamily.Json } ? key.Pair.Values(pair) : key.Pair.Forms(pair);

    /// <summary>The hash of a column, mixed with another one; null when its type has none.</summary>
    public static Sides<SqlText>? Hash(TableKey key, ColumnPair pair, Sides<SqlText>? seed)
    {
        var values = Value(key, pair);
        var (inBase, inHead) = (
            key.Pair.Dialect.Hash(values.Base, pair.Types, seed?.Base),
            key.Pair.Dialect.Hash(values.Head, pair.Types, seed?.Head));
        return inBase is null || inHead is null ? null : new(inBase, inHead);
    }
}

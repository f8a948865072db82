using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Selection;

namespace CiDiff.Diffing;

/// <summary>Finds the keys that two tables can be matched by.</summary>
internal static class KeyResolution
{
    /// <summary>The candidates whose columns both sides have, with types that can be matched, best first.</summary>
    /// <param name="pair">The tables.</param>
    /// <param name="candidates">Best first.</param>
    /// <param name="notes">Told why a candidate is passed over.</param>
    /// <exception cref="UserErrorException">The key that the user named cannot be used.</exception>
    public static IEnumerable<TableKey> Usable(TablePair pair, IReadOnlyList<KeyCandidate> candidates, List<string> notes)
    {
        foreach (var candidate in candidates.Where(candidate => candidate.Columns.Count > 0))
        {
            var columns = candidate.Columns.Select(name => Find(pair, name)).Distinct().ToList();
            if (columns.IndexOf(null) is var missing and >= 0)
            {
                if (candidate.Source == KeySource.Explicit)
                {
                    throw NotFound(pair, candidate.Columns.First(name => Find(pair, name) is null));
                }

                // A guess that finds nothing is no news.
                if (!candidate.MustBeProven)
                {
                    notes.Add($"The key {Words(candidate)} was not used: base and head do not both have its columns.");
                }

                continue;
            }

            if (columns.Find(column => pair.Dialect.KeyForm(pair.Values(column!), column!.Types) is null) is { } unmatched)
            {
                var problem = $"'{unmatched.Head.Name}' is {unmatched.Base.Type.Name} on base and {unmatched.Head.Type.Name} on head";
                if (candidate.Source == KeySource.Explicit)
                {
                    throw new UserErrorException(
                        ErrorCodes.KeyTypesDiffer,
                        $"The key column {problem}, and values of these types cannot be matched.",
                        hint: "Name another key, or compare queries that cast the column to one type.");
                }

                notes.Add($"The key {Words(candidate)} was not used: {problem}.");
                continue;
            }

            yield return new TableKey(pair, columns!, candidate);
        }
    }

    /// <summary>A candidate as a sentence mentions it.</summary>
    public static string Words(KeyCandidate candidate) =>
        $"{string.Join(", ", candidate.Columns)} ({candidate.Detail ?? candidate.Source switch
        {
            KeySource.Explicit => "named as the key",
            KeySource.ModelMeta => "meta of the model",
            KeySource.ColumnMeta => "meta of the columns",
            KeySource.ColumnTags => "tags of the columns",
            KeySource.UniqueTest => "uniqueness test",
            KeySource.UniqueKey => "unique_key",
            KeySource.Constraint => "primary key constraint",
            KeySource.NameGuess => "guessed by name",
            _ => throw new System.Diagnostics.UnreachableException(),
        }})";

    private static ColumnPair? Find(TablePair pair, string name) =>
        pair.Columns.Select(column => column.Pair).FirstOrDefault(column => column.IsNamed(name, StringComparison.Ordinal))
        ?? pair.Columns.Select(column => column.Pair).FirstOrDefault(column => column.IsNamed(name, StringComparison.OrdinalIgnoreCase));

    private static UserErrorException NotFound(TablePair pair, string name)
    {
        var (inBase, inHead) = (Has(pair.Sides.Base, name), Has(pair.Sides.Head, name));
        var where = (inBase, inHead) switch
        {
            (true, false) => $"{pair.Sides.Head} on head has no such column",
            (false, true) => $"{pair.Sides.Base} on base has no such column",
            (false, false) => "neither base nor head has such a column",

            // Each has one, and they are not the same to the warehouse: "Id" and "ID" where case counts.
            (true, true) => "base and head spell it differently",
        };
        var known = pair.Columns.Select(column => column.Pair.Head.Name.Value).ToList();
        var hint = known.Count == 0 ? "Base and head have no column in common."
            : inBase == inHead && Spelling.Nearest(name, known) is { } nearest ? $"Did you mean '{nearest}'?"
            : inBase != inHead ? "If the column was renamed, declare the rename; the key is followed then."
            : $"Both have: {string.Join(", ", known.Take(20))}{(known.Count > 20 ? ", …" : "")}.";
        return new UserErrorException(ErrorCodes.KeyColumnNotFound, $"The key column '{name}' cannot be used: {where}.", hint);
    }

    private static bool Has(DiffSide side, string name) =>
        side.Columns.Any(column => string.Equals(column.Name.Value, name, StringComparison.OrdinalIgnoreCase));
}

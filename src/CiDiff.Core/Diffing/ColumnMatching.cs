using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Which columns of base are which columns of head.</summary>
/// <param name="Columns">On both sides, in head's order.</param>
/// <param name="Schema">What differs.</param>
/// <param name="Notes">What the reader has to know, as sentences.</param>
internal sealed record ColumnMatching(IReadOnlyList<ColumnPlan> Columns, SchemaDiff Schema, IReadOnlyList<string> Notes)
{
    /// <summary>Columns that the rules name and neither side has, each with the setting that names it.</summary>
    public IReadOnlyList<UnknownColumn> Unknown { get; private init; } = [];

    /// <summary>Matches columns by the warehouse's rules for names, after the renames that the user declared.</summary>
    /// <param name="dialect">The warehouse's.</param>
    /// <param name="columns">Both sides' columns, in their order.</param>
    /// <param name="rules">Renames, and which columns are compared how.</param>
    public static ColumnMatching Of(SqlDialect dialect, Sides<IReadOnlyList<Column>> columns, CompareRules rules)
    {
        var notes = new List<string>();
        var renames = Renames(columns, rules, notes);
        var inHead = columns.Head.ToDictionary(column => column.Name.Value, dialect.NameComparer);
        var partners = new Dictionary<Column, Column>();
        foreach (var column in columns.Base)
        {
            if (renames.TryGetValue(column, out var renamed))
            {
                partners[renamed] = column;
            }
            else if (inHead.TryGetValue(column.Name.Value, out var same) && !renames.ContainsValue(same))
            {
                partners[same] = column;
            }
        }

        var found = partners.Values.ToHashSet();
        var pairs = columns.Head.Where(partners.ContainsKey).Select(column => new ColumnPair(partners[column], column)).ToList();
        var schema = new SchemaDiff(
            Added: [.. columns.Head.Where(column => !partners.ContainsKey(column))],
            Removed: [.. columns.Base.Where(column => !found.Contains(column))],
            Retyped: [.. pairs.Where(pair => pair.IsRetyped).Select(pair => new RetypedColumn(pair.Head.Name, pair.Base.Type, pair.Head.Type))],
            Renamed: [.. pairs.Where(pair => renames.ContainsKey(pair.Base)).Select(pair => new RenamedColumn(pair.Base.Name, pair.Head.Name, "remap"))],
            IsReordered: !pairs.Select(pair => pair.Base).SequenceEqual(columns.Base.Where(found.Contains)));

        IReadOnlyList<UnknownColumn> unknown = [.. UnknownColumns(columns, rules)];
        notes.AddRange(unknown.Select(name => $"{rules.Written(name.Setting)} names the column '{name.Column}', which neither base nor head has."));
        return new([.. Plan(dialect, pairs, rules, notes)], schema, notes) { Unknown = unknown };
    }

    private static IEnumerable<UnknownColumn> UnknownColumns(Sides<IReadOnlyList<Column>> columns, CompareRules rules)
    {
        return
        [
            .. Unknown("include_columns", rules.IncludeColumns ?? []),
            .. Unknown("event_time", rules.EventTime is { } time ? [time] : []),
            .. Unknown("time_column", rules.TimeColumn is { } moment ? [moment] : []),
            .. Unknown("exclude_columns", rules.ExcludeColumns),
            .. Unknown("tolerance", rules.Tolerances.Keys.Where(name => !ColumnTolerance.IsType(name))),
        ];

        IEnumerable<UnknownColumn> Unknown(string setting, IEnumerable<string> names) =>
            names.Where(name => Find(columns.Base, name) is null && Find(columns.Head, name) is null).Select(name => new UnknownColumn(setting, name));
    }

    // A rename without effect is a note and no error: it may be meant for another pull request, or come from a pattern.
    private static Dictionary<Column, Column> Renames(Sides<IReadOnlyList<Column>> columns, CompareRules rules, List<string> notes)
    {
        var renames = new Dictionary<Column, Column>();
        foreach (var rename in rules.Renames)
        {
            if (Find(columns.Base, rename.Base) is { } before && Find(columns.Head, rename.Head) is { } after
                && !renames.ContainsKey(before) && !renames.ContainsValue(after))
            {
                if (before.Name != after.Name)
                {
                    renames[before] = after;
                }
            }
            else
            {
                notes.Add($"The rename of '{rename.Base}' to '{rename.Head}' was not followed: base and head do not have these columns.");
            }
        }

        return renames;
    }

    private static IEnumerable<ColumnPlan> Plan(SqlDialect dialect, IReadOnlyList<ColumnPair> pairs, CompareRules rules, List<string> notes)
    {
        var ignored = IgnorePatterns.ForColumns(rules.IgnoreColumns);
        foreach (var pair in pairs)
        {
            var reason = rules.IncludeColumns is { } included && !IsAmong(pair, included) ? $"it is not among {rules.Written("include_columns")}"
                : rules.IncludeColumns is null && IsAmong(pair, rules.ExcludeColumns) ? $"{rules.Written("exclude_columns")} names it"
                : ignored.Ignores(pair.Head.Name.Value) || ignored.Ignores(pair.Base.Name.Value) ? "ignore_columns matches it"
                : null;
            var tolerance = ColumnTolerance.Of(pair, rules.Tolerances);
            if (reason is null)
            {
                Explain(dialect, pair, tolerance, notes);
            }

            yield return new ColumnPlan(pair, tolerance, reason);
        }
    }

    private static void Explain(SqlDialect dialect, ColumnPair pair, Tolerance? tolerance, List<string> notes)
    {
        var any = new Sides<SqlText>(dialect.Sql($"{pair.Base.Name}"), dialect.Sql($"{pair.Head.Name}"));
        var (name, (before, after)) = (pair.Head.Name, pair.Types);
        switch (dialect.Compare(any, pair.Types).By, pair.IsRetyped)
        {
            case (ComparedBy.Text, true):
                notes.Add($"Column '{name}' is {before.Name} on base and {after.Name} on head: its values are compared as text.");
                break;
            case (_, true) when before.Family != after.Family:
                notes.Add($"Column '{name}' is {before.Name} on base and {after.Name} on head: its values are compared in the wider type.");
                break;
            case (ComparedBy.Text, false):
                notes.Add($"Column '{name}' has the type {after.Name}, which has no equality that can be relied on: its values are compared as text.");
                break;
        }

        if (tolerance is { Amount: > 0 } && !dialect.HaveDistance(pair.Types, tolerance.Mode))
        {
            notes.Add($"The tolerance of column '{name}' has no effect: values of type {after.Name} have no such distance.");
        }

        if (tolerance is not null)
        {
            notes.AddRange(ColumnTolerance.WithoutEffect(pair, tolerance)
                .Select(word => $"'{word}' has no effect on column '{name}': it is not for values of type {after.Name}."));
        }
    }

    private static bool IsAmong(ColumnPair pair, IEnumerable<string> names) => names.Any(name => pair.IsNamed(name, StringComparison.OrdinalIgnoreCase));

    private static Column? Find(IReadOnlyList<Column> columns, string name) =>
        columns.FirstOrDefault(column => column.Name.Value == name)
        ?? columns.FirstOrDefault(column => string.Equals(column.Name.Value, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A column that the rules name and neither side has.</summary>
/// <param name="Setting">The setting that names it.</param>
/// <param name="Column">Its name, as it is written there.</param>
internal sealed record UnknownColumn(string Setting, string Column);

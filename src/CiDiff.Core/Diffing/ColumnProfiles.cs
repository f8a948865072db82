using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Profiles of both tables, column by column.</summary>
internal static class ColumnProfiles
{
    /// <summary>Adds them to a comparison, if its rules ask for it.</summary>
    /// <param name="diff">The comparison, which knows which columns belong together.</param>
    /// <param name="request">What was compared.</param>
    /// <param name="sides">Both tables.</param>
    /// <param name="sessions">To ask each of them.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public static async Task<TableDiff> AddAsync(
        TableDiff diff, TableDiffRequest request, Sides<DiffSide> sides, Sides<DiffSession> sessions, CancellationToken cancellationToken)
    {
        if (!request.Rules.ColumnProfiles)
        {
            return diff;
        }

        // They read every row, of a sample too.
        if (request.Rules.IsOverBudget)
        {
            return diff with { Notes = [.. diff.Notes, $"There are no column profiles: the time budget of {TimeBudget.Words(request.Rules)} was used up before them."] };
        }

        var columns = Pairs(diff, sides);
        try
        {
            var inBase = await ReadAsync(sides.Base, columns.Select(pair => pair.Base), sessions.Base, cancellationToken);
            var inHead = await ReadAsync(sides.Head, columns.Select(pair => pair.Head), sessions.Head, cancellationToken);
            return diff with
            {
                Profiles =
                [
                    .. columns.Select(pair => new ColumnProfile(
                        (pair.Head ?? pair.Base)!.Name,
                        new(pair.Base is { } before ? inBase[before.Name] : null, pair.Head is { } after ? inHead[after.Name] : null))),
                ],
            };
        }
        catch (UserErrorException error) when (error.Code == ErrorCodes.QueryFailed || error.Code == ErrorCodes.QueryTimedOut)
        {
            // What was compared is known all the same.
            return diff with { Notes = [.. diff.Notes, $"There are no column profiles: {error.Message}"] };
        }
    }

    private static Task<IReadOnlyDictionary<ColumnName, ColumnStatistics>> ReadAsync(
        DiffSide side, IEnumerable<Column?> columns, DiffSession session, CancellationToken cancellationToken) =>
        new ColumnProfiler(side, session).ReadAsync([.. columns.OfType<Column>()], cancellationToken);

    /// <summary>Which column of base belongs to which of head: head's in their order, then those that only base has. Without those that are left out of the
    /// comparison.</summary>
    private static List<(Column? Base, Column? Head)> Pairs(TableDiff diff, Sides<DiffSide> sides)
    {
        var leftOut = diff.Columns.Where(column => !column.IsCompared).Select(column => column.Head.Name).ToHashSet();
        return
        [
            .. sides.Head.Columns.Where(column => !leftOut.Contains(column.Name)).Select(column => (Base(column), (Column?)column)),
            .. diff.Schema.Removed.Select(column => ((Column?)column, (Column?)null)),
        ];

        Column? Base(Column head)
        {
            if (diff.Schema.Added.Any(added => added.Name == head.Name))
            {
                return null;
            }

            var name = diff.Columns.FirstOrDefault(column => column.Head.Name == head.Name)?.Base.Name
                ?? diff.Schema.Renamed.FirstOrDefault(renamed => renamed.Head == head.Name)?.Base
                ?? head.Name;
            return sides.Base.Columns.FirstOrDefault(column => column.Name == name)
                ?? sides.Base.Columns.FirstOrDefault(column => string.Equals(column.Name.Value, name.Value, StringComparison.OrdinalIgnoreCase));
        }
    }
}

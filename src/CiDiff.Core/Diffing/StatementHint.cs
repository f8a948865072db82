using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Diffing;

/// <summary>What to look at when a statement fails for a reason of which the warehouse has no hint.</summary>
internal static class StatementHint
{
    /// <summary>Does a piece of work, and adds the hint to its error.</summary>
    /// <param name="rules">By which is compared.</param>
    /// <param name="sources">What is read.</param>
    /// <param name="work">Sends the statements.</param>
    /// <exception cref="UserErrorException">That of the work.</exception>
    public static async Task<T> AddAsync<T>(CompareRules rules, IEnumerable<DiffSource> sources, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (UserErrorException error) when (error.Code == ErrorCodes.QueryFailed && error.Hint is null)
        {
            throw new UserErrorException(error.Code, error.Message, Of(rules, sources), error);
        }
    }

    // A warehouse does not say which part of a statement had the value on which it failed.
    private static string Of(CompareRules rules, IEnumerable<DiffSource> sources)
    {
        var json = rules.Tolerances.Where(rule => rule.Value.Ignores.HasFlag(ValueAspects.JsonSpelling)).Select(rule => $"'{rule.Key}'").ToList();
        List<string> parts =
        [
            .. sources.OfType<DiffSource.Query>().Select(query => $"the query {query.Sql.Origin}").Distinct(),
            .. rules.Filter is { } filter ? [$"the filter of {filter.Origin}"] : Array.Empty<string>(),
            .. json.Count > 0 ? [$"the tolerance `json` of {string.Join(", ", json)}"] : Array.Empty<string>(),
        ];
        var ofJson = json.Count > 0 ? " `json` is for columns whose texts are all JSON, or empty: name only those, or filter the other rows out." : "";
        return parts.Count == 0
            ? "Read base and head in the database by themselves: a view can fail there too. `--verbosity debug` shows the statement."
            : $"The statement has {string.Join(" and ", parts)} in it, which {(parts.Count == 1 ? "has" : "have")} to work on every row.{ofJson}";
    }
}

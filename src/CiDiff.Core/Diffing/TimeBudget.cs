using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Diffing;

/// <summary>The time that one model may take. When it is up, a sample is read instead of everything, or the model fails.</summary>
/// <remarks>The sample is read in a new session, because one in which a query was stopped may be of no more use. It has no budget of its own, only the time
/// limit of every statement.</remarks>
internal static class TimeBudget
{
    // Large enough to find what one row in ten thousand has, and small enough to be joined in a moment.
    private const long FallbackRows = 100_000;

    /// <summary>Does a piece of work within the budget of its rules, and otherwise what they say.</summary>
    /// <param name="model">For the warning.</param>
    /// <param name="rules">The model's.</param>
    /// <param name="work">Opens its own session; given the rules to compare by.</param>
    /// <param name="progress">Warned; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="UserErrorException">The model took too long, and is not to be sampled, or cannot be.</exception>
    public static async Task<T> KeepAsync<T>(
        string model, CompareRules rules, Func<CompareRules, CancellationToken, Task<T>> work, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        if (rules.TimeBudget is not { } budget)
        {
            return await work(rules, cancellationToken);
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(budget);
        try
        {
            return await work(rules, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
        catch (UserErrorException error) when (error.Code == ErrorCodes.QueryTimedOut && rules.OverBudget == OverBudget.Sample)
        {
            // Whichever limit came first, it took too long.
            progress?.Report(new RunEvent.Reasoning($"{model}: {error.Message}"));
        }

        if (rules.OverBudget == OverBudget.Fail)
        {
            throw Exceeded(rules, $"{(rules.IsOwnOverBudget ? "The model's over_budget" : "compare.over_budget")} says that it fails then.");
        }

        progress?.Report(new RunEvent.Warning($"{model} took longer than its time budget of {Words(rules)}: a sample of it is read instead."));
        var sampling = rules.Sampling is Sampling.Off ? new Sampling.Rows(FallbackRows) : rules.Sampling;
        return await work(rules with { Sampling = sampling, IsOverBudget = true }, cancellationToken);
    }

    /// <summary>The error of a model that took too long and has no sample.</summary>
    /// <param name="rules">The model's.</param>
    /// <param name="why">Why it has none, as a sentence.</param>
    public static UserErrorException Exceeded(CompareRules rules, string why) => new(
        ErrorCodes.OverTimeBudget,
        $"The comparison took longer than its time budget of {Words(rules)}. {why}",
        hint: "Raise time_budget, compare fewer rows with a filter, or name a key, so that a sample can be read.");

    /// <summary>The budget as people write it: <c>90 s</c>.</summary>
    public static string Words(CompareRules rules) =>
        rules.TimeBudget is { } budget ? string.Create(CultureInfo.InvariantCulture, $"{budget.TotalSeconds:0.###} s") : "none";
}

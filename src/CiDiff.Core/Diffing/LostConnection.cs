using CiDiff.Errors;

namespace CiDiff.Diffing;

/// <summary>What is done when a connection breaks in the middle of a comparison: everything is asked again, once, in a new session.</summary>
/// <remarks>As a whole, because what the first session counted belongs to another snapshot. Nothing is ever written, so that it is safe.</remarks>
internal static class LostConnection
{
    /// <summary>What the report says of it.</summary>
    public const string Note = "The connection was lost once; everything was read again from the beginning.";

    // A server that lost one of its processes ends all connections, and takes no new ones until it has recovered.
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>Does a piece of work, and once more when the connection was lost.</summary>
    /// <param name="model">For the warning.</param>
    /// <param name="work">Opens its own session.</param>
    /// <param name="progress">Warned; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting for the server.</param>
    /// <returns>The result, and whether it needed the second attempt.</returns>
    public static async Task<(T Result, bool IsSecond)> RetryAsync<T>(
        string model, Func<Task<T>> work, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return (await work(), false);
        }
        catch (UserErrorException error) when (error.Code == ErrorCodes.ConnectionLost)
        {
            progress?.Report(new RunEvent.Warning($"{model}: {error.Message} It is read again from the beginning."));
        }

        foreach (var wait in Waits)
        {
            try
            {
                return (await work(), true);
            }
            catch (UserErrorException error) when (error.Code == ErrorCodes.ConnectionFailed)
            {
                progress?.Report(new RunEvent.Reasoning($"{model}: {error.Message}"));
            }

            await Task.Delay(wait, cancellationToken);
        }

        return (await work(), true);
    }
}

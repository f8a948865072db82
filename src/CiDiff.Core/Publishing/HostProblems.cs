using System.Globalization;
using System.Net;
using System.Text.Json;
using CiDiff.Errors;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>Turns a host's refusals into one line that says which token lacks what.</summary>
internal sealed class HostProblems(HostAccess access)
{
    private const int MessageLength = 300;

    public UserErrorException Unreachable(HostAction action, Exception error) => new(
        ErrorCodes.HostUnavailable,
        $"{access.Name} could not be reached to {action.What}: {Clean(error.Message)}",
        $"Check that this job can reach {access.ApiUrl.Host}, and the proxy settings if there is one.",
        error);

    public UserErrorException Failing(HostAction action, HostAnswer answer) => new(
        ErrorCodes.HostUnavailable,
        $"{access.Name} failed to {action.What} ({Status(answer)}) and kept failing.",
        "Run the job again later.");

    public UserErrorException Limited(HostAction action, HostAnswer answer, DateTimeOffset until) => new(
        ErrorCodes.PublishingRateLimited,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{access.Name} limits how often the token in {access.TokenName} may ask, and did not {action.What} ({Status(answer)}); it wants to be left alone until {until.UtcDateTime:HH:mm:ss} UTC."),
        "Run the job again then, or use a token of its own for CiDiff.");

    public UserErrorException NotUnderstood(HostAction action, Exception? error = null) => new(
        ErrorCodes.HostUnavailable,
        $"{access.Name} answered something else than its API does when asked to {action.What}.",
        $"Check that {access.ApiUrl} is the API, and that no proxy answers in its place.",
        error);

    public UserErrorException Refused(HostAction action, HostAnswer answer) => answer.Status switch
    {
        HttpStatusCode.Unauthorized => new UserErrorException(
            ErrorCodes.PublishingDenied,
            $"{access.Name} does not know the token in {access.TokenName} ({Status(answer)}), so it did not {action.What}.",
            $"Put a valid token with {action.Scope} into {access.TokenName}."),
        // "Unable to create comment because issue is locked": GitHub's, which no permission mends.
        HttpStatusCode.Forbidden when MessageOf(answer).Contains("is locked", StringComparison.OrdinalIgnoreCase) => new UserErrorException(
            ErrorCodes.PublishingRejected,
            $"{access.Name} did not {action.What} ({Status(answer)}): the conversation of the pull request is locked.",
            "Unlock the conversation, or set publish.comment to false."),
        HttpStatusCode.Forbidden => new UserErrorException(
            ErrorCodes.PublishingDenied,
            $"{access.Name} did not {action.What} ({Status(answer)}): the token in {access.TokenName} lacks {Needed(answer) ?? action.Scope}.",
            $"Give the token {action.Scope}; a pull request from a fork gets a read-only token."),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new UserErrorException(
            ErrorCodes.PublishingDenied,
            $"{access.Name} did not {action.What} ({Status(answer)}): there is no such thing, or the token in {access.TokenName} may not see it.",
            $"Check the repository and the number of the pull request, and that the token has {action.Scope}."),
        _ => new UserErrorException(
            ErrorCodes.PublishingRejected,
            $"{access.Name} did not {action.What} ({Status(answer)})."),
    };

    /// <summary>What the host says for itself; empty for nothing.</summary>
    public static string MessageOf(HostAnswer answer)
    {
        if (answer.Body.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        // GitHub: message, errors; GitLab: message or error, each a text or an object; Bitbucket: error.message.
        foreach (var name in (string[])["message", "error", "error_description"])
        {
            if (answer.Body.TryGetProperty(name, out var message) && message.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                var errors = answer.Body.TryGetProperty("errors", out var list) && list.ValueKind == JsonValueKind.Array ? $" {list.GetRawText()}" : "";
                return (message.ValueKind == JsonValueKind.String ? message.GetString() : message.GetRawText()) + errors;
            }
        }

        return "";
    }

    // https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api (2026-11-21): the host knows best what was missing.
    private static string? Needed(HostAnswer answer)
    {
        if (answer.Headers.TryGetValues("X-Accepted-GitHub-Permissions", out var permissions))
        {
            return Header(permissions).Replace("=", ": ", StringComparison.Ordinal).Replace("_", "-", StringComparison.Ordinal);
        }

        return answer.Headers.TryGetValues("X-Accepted-OAuth-Scopes", out var scopes) && Header(scopes) is { Length: > 0 } needed
            ? $"the scope {needed}"
            : null;
    }

    private static string Header(IEnumerable<string> values) => VisibleText.Cut(VisibleText.ForLog(string.Join(", ", values)), 100);

    private string Status(HostAnswer answer)
    {
        var message = Clean(MessageOf(answer));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)answer.Status}{(message.Length > 0 ? $": {message}" : "")}");
    }

    private string Clean(string message) =>
        VisibleText.Cut(VisibleText.ForLog(message.Replace(access.Token.Reveal(), "***", StringComparison.Ordinal)), MessageLength).TrimEnd('.');
}

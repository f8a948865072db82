using System.Globalization;
using System.Text.RegularExpressions;

namespace CiDiff.Git.Hosts;

/// <summary>A job's environment variables as typed values. Empty is absent, since hosts set what they do not know to nothing.</summary>
internal sealed partial class CiVariables(IReadOnlyDictionary<string, string> variables)
{
    private const string BranchPrefix = "refs/heads/";

    /// <summary>A text.</summary>
    public string? Text(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    /// <summary>Whether a variable says yes.</summary>
    public bool IsSet(string name) => IsYes(Text(name));

    /// <summary>Whether a text says yes.</summary>
    public static bool IsYes(string? text) => text is not null && !text.Equals("false", StringComparison.OrdinalIgnoreCase) && text != "0";

    /// <summary>A whole number above 0.</summary>
    public long? Number(string name) => NumberOf(Text(name));

    /// <summary>A whole number above 0.</summary>
    public static long? NumberOf(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>A commit's whole id.</summary>
    public string? Commit(string name) => CommitOf(Text(name));

    /// <summary>A commit's whole id; a short one, which Bitbucket gives, is none.</summary>
    public static string? CommitOf(string? text) => text is not null && CommitId().IsMatch(text) && text.Any(digit => digit != '0') ? text : null;

    /// <summary>A branch, without <c>refs/heads/</c>.</summary>
    public string? Branch(string name) => BranchOf(Text(name));

    /// <summary>A branch, without <c>refs/heads/</c>.</summary>
    public static string? BranchOf(string? text) =>
        text?.StartsWith(BranchPrefix, StringComparison.Ordinal) == true ? text[BranchPrefix.Length..] : text;

    /// <summary>A URL of the web.</summary>
    public Uri? Url(string name) => UrlOf(Text(name));

    /// <summary>A URL of the web; null for everything else.</summary>
    public static Uri? UrlOf(string? text) =>
        Uri.TryCreate(text?.TrimEnd('/'), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? url : null;

    // 64 digits in repositories with SHA-256.
    [GeneratedRegex("^(?:[0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.ExplicitCapture)]
    private static partial Regex CommitId();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace CiDiff.Publishing;

/// <summary>The unseen first line of a pull request comment, by which the comment is found again: which of the repository's projects it is
/// about, for which commit, and since when that commit has a report.</summary>
/// <param name="Name">Tells the comments of several projects in one pull request apart.</param>
/// <param name="Commit">The reported commit; null when it is not known.</param>
/// <param name="Since">When the first report of this commit was posted, by the host's clock; what somebody accepts must be younger, or they
/// could not have seen it. Null when it is not known.</param>
public sealed partial record CommentMarker(string Name, string? Commit, DateTimeOffset? Since)
{
    /// <summary>The line, without its end.</summary>
    /// <param name="form">What the host's Markdown does not show.</param>
    public string ToLine(MarkerForm form)
    {
        // Only letters, digits, dots, underscores and percent signs are left, so the line cannot end early.
        var name = Uri.EscapeDataString(Name).Replace("-", "%2D", StringComparison.Ordinal).Replace("~", "%7E", StringComparison.Ordinal);
        var commit = Commit is null ? "" : $" commit={Commit}";
        var since = Since is { } time ? $" since={time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "";
        var text = $"cidiff report name={name}{commit}{since}";
        return form == MarkerForm.HtmlComment ? $"<!-- {text} -->" : $"[//]: # ({text})";
    }

    /// <summary>Reads the marker that a comment begins with; null when it begins with none.</summary>
    public static CommentMarker? Parse(string body)
    {
        var match = Line().Match(body);
        return match.Success
            ? new CommentMarker(
                Uri.UnescapeDataString(match.Groups["name"].Value),
                match.Groups["commit"] is { Success: true } commit ? commit.Value : null,
                match.Groups["since"] is { Success: true } since
                    && DateTimeOffset.TryParse(since.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                        ? time
                        : null)
            : null;
    }

    // At the very beginning: somebody who quotes a report has a ">" there.
    [GeneratedRegex(
        @"\A(<!-- |\[//\]: # \()cidiff report name=(?<name>[A-Za-z0-9._%]+)( commit=(?<commit>[0-9a-f]{40,64}))?( since=(?<since>[0-9TZ:-]+))?( -->|\))",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}

/// <summary>What a host's Markdown does not show.</summary>
public enum MarkerForm
{
    /// <summary>An HTML comment.</summary>
    HtmlComment,

    /// <summary>A link reference that nothing refers to, for hosts that print HTML comments.</summary>
    LinkReference,
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CiDiff.Configuration;

namespace CiDiff.Publishing;

/// <summary>How a host is reached.</summary>
/// <param name="Name">For messages: GitHub, GitLab.</param>
/// <param name="ApiUrl">The API's root, without a slash at the end.</param>
/// <param name="Token">What to authenticate with.</param>
/// <param name="TokenName">The environment variable that holds it, for messages.</param>
internal sealed record HostAccess(string Name, Uri ApiUrl, Secret Token, string TokenName);

/// <summary>One thing to ask of a host.</summary>
/// <param name="What">Half a sentence for messages: "write the comment".</param>
/// <param name="Scope">What the token needs for it, in the host's own words: "pull-requests: write".</param>
internal sealed record HostAction(string What, string Scope);

/// <summary>What a host answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The JSON body; undefined when there is none.</param>
/// <param name="Headers">The headers.</param>
internal sealed record HostAnswer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers);

/// <summary>A comment on a pull request.</summary>
/// <param name="Id">The host's own.</param>
/// <param name="Body">As it was written.</param>
/// <param name="CreatedAt">By the host's clock.</param>
/// <param name="Author">Null for an account that is gone.</param>
/// <param name="Url">Its page; null when the host does not tell.</param>
internal sealed record HostComment(string Id, string Body, DateTimeOffset CreatedAt, HostUser? Author, Uri? Url);

/// <summary>An account.</summary>
/// <param name="Id">The host's own.</param>
/// <param name="Name">The login, without an @.</param>
/// <param name="IsBot">No person.</param>
internal sealed record HostUser(string Id, string Name, bool IsBot);

/// <summary>A label that somebody put on a pull request and that is still there.</summary>
/// <param name="User">Who; null for an account that is gone.</param>
/// <param name="At">When, by the host's clock.</param>
internal sealed record HostLabel(HostUser? User, DateTimeOffset At);

/// <summary>A run's verdict on a commit, in the words that every host has.</summary>
internal enum StatusState
{
    /// <summary>Nothing objects to merging.</summary>
    Success,

    /// <summary>The verdict is fail.</summary>
    Failure,

    /// <summary>Could not tell.</summary>
    Error,
}

/// <summary>A commit status.</summary>
/// <param name="Context">Its name: <c>cidiff</c>.</param>
/// <param name="State">The verdict.</param>
/// <param name="Description">One line of at most 140 characters.</param>
/// <param name="Link">Where to read more; null for nowhere.</param>
internal sealed record CommitStatus(string Context, StatusState State, string Description, Uri? Link);

/// <summary>The part of a host's API that every host has.</summary>
/// <remarks>Everything that cannot be done is a <see cref="Errors.UserErrorException"/> that says which token and scope are missing.</remarks>
internal interface IPullRequestHost : IDisposable
{
    /// <summary>When the host last answered, by its own clock; null before it did.</summary>
    DateTimeOffset? HostTime { get; }

    /// <summary>The longest comment, in UTF-8 bytes.</summary>
    int CommentLength { get; }

    /// <summary>How a marker is hidden.</summary>
    MarkerForm MarkerForm { get; }

    /// <summary>Turns a report's Markdown into what this host renders.</summary>
    string Adapt(string markdown) => markdown;

    /// <summary>All comments on the pull request, oldest first.</summary>
    IAsyncEnumerable<HostComment> CommentsAsync(CancellationToken cancellationToken);

    /// <summary>Whether the token's account wrote a comment. Others could change theirs later, or put words into the report's mouth.</summary>
    Task<bool> IsOwnAsync(HostComment comment, CancellationToken cancellationToken);

    /// <summary>Writes a new comment.</summary>
    Task<HostComment> CreateCommentAsync(string body, CancellationToken cancellationToken);

    /// <summary>Replaces a comment's text; null when the comment is gone.</summary>
    Task<HostComment?> UpdateCommentAsync(string id, string body, CancellationToken cancellationToken);

    /// <summary>Deletes a comment; one that is gone already is none to complain about.</summary>
    Task DeleteCommentAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sets a commit's status.</summary>
    Task SetStatusAsync(string commit, CommitStatus status, CancellationToken cancellationToken);
}

/// <summary>A host that tells who may write to the repository and who put a label on.</summary>
internal interface IReviewHost : IPullRequestHost
{
    /// <summary>Who put a label on the pull request, if it still has it.</summary>
    Task<HostLabel?> LabelAsync(string label, CancellationToken cancellationToken);

    /// <summary>Whether an account may write to the repository.</summary>
    Task<bool> CanWriteAsync(HostUser user, CancellationToken cancellationToken);
}

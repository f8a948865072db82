using CiDiff.Errors;

namespace CiDiff.Publishing;

/// <summary>Keeps one comment per project on a pull request, whatever jobs do at the same time.</summary>
internal sealed class StickyComment(IPullRequestHost host)
{
    private const int MostTries = 4;

    /// <summary>The project's comment as it is; null when there is none.</summary>
    public async Task<HostComment?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await FindAllAsync(name, cancellationToken)).FirstOrDefault();

    /// <summary>Writes the comment, or writes it anew.</summary>
    /// <param name="marker">Without its time.</param>
    /// <param name="now">The time by the host's clock.</param>
    /// <param name="write">Writes the comment that begins with a marker.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<HostComment> PostAsync(
        CommentMarker marker,
        Func<DateTimeOffset> now,
        Func<CommentMarker, string> write,
        CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var found = await FindAllAsync(marker.Name, cancellationToken);
            if (found.Count > 0)
            {
                if (await host.UpdateCommentAsync(found[0].Id, write(Dated(marker, found[0], now())), cancellationToken) is { } updated)
                {
                    // Jobs that were stopped between writing and looking leave some behind.
                    foreach (var surplus in found.Skip(1))
                    {
                        await host.DeleteCommentAsync(surplus.Id, cancellationToken);
                    }

                    return updated;
                }

                // Deleted since it was listed.
                continue;
            }

            var created = await host.CreateCommentAsync(write(marker with { Since = now() }), cancellationToken);

            // Another job may have looked and written at the same time. Both look again, and both see the same oldest one.
            var oldest = await FindAsync(marker.Name, cancellationToken);
            if (oldest is null || oldest.Id == created.Id)
            {
                return created;
            }

            await host.DeleteCommentAsync(created.Id, cancellationToken);
        }

        throw new UserErrorException(
            ErrorCodes.PublishingRejected,
            "The comment was deleted each time it was written.",
            "Look for another job or bot that deletes comments on this pull request.");
    }

    private static CommentMarker Dated(CommentMarker marker, HostComment found, DateTimeOffset now) =>
        CommentMarker.Parse(found.Body) is { Since: { } since } earlier && earlier.Commit == marker.Commit && marker.Commit is not null
            ? marker with { Since = since }
            : marker with { Since = now };

    private async Task<List<HostComment>> FindAllAsync(string name, CancellationToken cancellationToken)
    {
        var found = new List<HostComment>();
        await foreach (var comment in host.CommentsAsync(cancellationToken))
        {
            if (CommentMarker.Parse(comment.Body)?.Name == name && await host.IsOwnAsync(comment, cancellationToken))
            {
                found.Add(comment);
            }
        }

        return found;
    }
}

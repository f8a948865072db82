namespace CiDiff.Git.Hosts;

/// <summary>GitHub Actions: <c>GITHUB_*</c> and the event's payload.</summary>
/// <remarks>Variables: https://docs.github.com/actions/reference/workflows-and-actions/variables; payloads:
/// https://docs.github.com/webhooks/webhook-events-and-payloads. <c>GITHUB_SHA</c> is never the pull request's own commit in a
/// <c>pull_request</c> job: it is the merge that GitHub made for it.</remarks>
internal static class GitHubContext
{
    private const string MergeRefPrefix = "refs/pull/";

    /// <summary>Reads.</summary>
    /// <param name="variables">The job's variables.</param>
    /// <param name="payload">The file that <c>GITHUB_EVENT_PATH</c> names; null when it could not be read.</param>
    public static PullRequestContext Read(CiVariables variables, string? payload)
    {
        var context = FromVariables(variables);
        if (payload is null)
        {
            return context with { Notes = ["The event payload (GITHUB_EVENT_PATH) could not be read; labels, draft and fork are not known."] };
        }

        if (EventPayload.Parse(payload) is not { } sent)
        {
            return context with { Notes = ["The event payload (GITHUB_EVENT_PATH) is no JSON object; labels, draft and fork are not known."] };
        }

        return sent switch
        {
            _ when sent.At("pull_request") is { Exists: true } pull => FromPullRequest(context, pull),
            _ when sent.At("workflow_run") is { Exists: true } run => FromWorkflowRun(context, run),
            _ when sent.At("merge_group") is { Exists: true } group => FromMergeGroup(context, group),
            _ when sent.At("issue") is { Exists: true } issue => FromIssue(context, issue),
            _ => context with { HeadMessage = sent.Text("head_commit", "message") },
        };
    }

    private static PullRequestContext FromVariables(CiVariables variables)
    {
        var repository = variables.Text("GITHUB_REPOSITORY");
        var server = variables.Url("GITHUB_SERVER_URL");
        var reference = variables.Text("GITHUB_REF");
        var number = reference?.StartsWith(MergeRefPrefix, StringComparison.Ordinal) == true
            ? CiVariables.NumberOf(reference[MergeRefPrefix.Length..].Split('/')[0])
            : null;
        var name = variables.Text("GITHUB_EVENT_NAME");

        // For these the variable is the base branch's tip, or a commit that GitHub made.
        var isOfBase = number is not null || name is "pull_request" or "pull_request_target" or "workflow_run" or "issue_comment" or "merge_group";
        return new PullRequestContext
        {
            Host = CiHost.GitHub,
            Event = name,
            Repository = repository,
            ApiUrl = variables.Url("GITHUB_API_URL") ?? new Uri("https://api.github.com"),
            Number = number,
            Url = Page(server, $"{repository}/pull/{number}", number is not null),
            JobUrl = Page(server, $"{repository}/actions/runs/{variables.Text("GITHUB_RUN_ID")}", variables.Text("GITHUB_RUN_ID") is not null),
            BaseBranch = variables.Branch("GITHUB_BASE_REF"),
            HeadBranch = variables.Branch("GITHUB_HEAD_REF")
                ?? (!isOfBase && variables.Text("GITHUB_REF_TYPE") == "branch" ? variables.Text("GITHUB_REF_NAME") : null),
            HeadCommit = isOfBase ? null : variables.Commit("GITHUB_SHA"),
        };
    }

    private static Uri? Page(Uri? server, string path, bool isKnown) => isKnown && server is not null ? new Uri($"{server.AbsoluteUri.TrimEnd('/')}/{path}") : null;

    private static PullRequestContext FromPullRequest(PullRequestContext context, EventPayload pull) => Labelled(context, pull) with
    {
        Number = pull.Number("number") ?? context.Number,
        Url = CiVariables.UrlOf(pull.Text("html_url")) ?? context.Url,
        BaseBranch = pull.Text("base", "ref") ?? context.BaseBranch,
        BaseCommit = CiVariables.CommitOf(pull.Text("base", "sha")),
        HeadBranch = pull.Text("head", "ref") ?? context.HeadBranch,
        HeadCommit = CiVariables.CommitOf(pull.Text("head", "sha")),
        IsDraft = pull.IsTrue("draft"),

        // A fork that was deleted meanwhile has no repository any more.
        IsFork = pull.Text("base", "repo", "full_name") is { } own && !own.Equals(pull.Text("head", "repo", "full_name"), StringComparison.OrdinalIgnoreCase),
    };

    // The second half of a two-workflow pipeline. The list has no pull request from a fork.
    private static PullRequestContext FromWorkflowRun(PullRequestContext context, EventPayload run)
    {
        var pull = run.Items("pull_requests") is [var first, ..] ? first : default;
        var isFork = run.Text("repository", "full_name") is { } own
            && run.Text("head_repository", "full_name") is { } other
            && !own.Equals(other, StringComparison.OrdinalIgnoreCase);
        return context with
        {
            Number = pull.Number("number"),
            Url = pull.Number("number") is { } number && CiVariables.UrlOf(run.Text("repository", "html_url")) is { } page ? new Uri($"{page.AbsoluteUri}/pull/{number}") : null,
            BaseBranch = pull.Text("base", "ref"),
            BaseCommit = CiVariables.CommitOf(pull.Text("base", "sha")),
            HeadBranch = run.Text("head_branch"),
            HeadCommit = CiVariables.CommitOf(run.Text("head_sha")),
            HeadMessage = run.Text("head_commit", "message"),
            IsFork = isFork,
            Notes = isFork ? ["GitHub does not say which pull request of a fork this workflow_run is for; its number has to be given."] : [],
        };
    }

    private static PullRequestContext FromMergeGroup(PullRequestContext context, EventPayload group) => context with
    {
        BaseBranch = CiVariables.BranchOf(group.Text("base_ref")),
        BaseCommit = CiVariables.CommitOf(group.Text("base_sha")),
        HeadBranch = CiVariables.BranchOf(group.Text("head_ref")),
        HeadCommit = CiVariables.CommitOf(group.Text("head_sha")),
        HeadMessage = group.Text("head_commit", "message"),
    };

    // A comment on an issue is the same event; that it is a pull request shows in one field. Branches are not told.
    private static PullRequestContext FromIssue(PullRequestContext context, EventPayload issue) => issue.At("pull_request").Exists
        ? Labelled(context, issue) with
        {
            Number = issue.Number("number"),
            Url = CiVariables.UrlOf(issue.Text("pull_request", "html_url")),
            IsDraft = issue.IsTrue("draft"),
        }
        : context;

    private static PullRequestContext Labelled(PullRequestContext context, EventPayload labelled) => labelled.Items("labels") is { } labels
        ? context with { AreLabelsKnown = true, Labels = [.. labels.Select(label => label.Text("name")).OfType<string>()] }
        : context;
}

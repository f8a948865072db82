using System.Globalization;
using CiDiff.Git;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Git;

/// <summary>What each host's job says of itself. The payloads are GitHub's own in shape, cut to what is near the fields that are read.</summary>
public sealed class PullRequestReaderTests
{
    private const string Head = "1f7d3b5a9c8e2d4f6a7b8c9d0e1f2a3b4c5d6e7f";
    private const string Base = "9c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d";
    private const string MadeByTheHost = "5555555555555555555555555555555555555555";

    private const string GitHub = $"""
        GITHUB_ACTIONS=true
        GITHUB_REPOSITORY=acme/warehouse
        GITHUB_SERVER_URL=https://github.com
        GITHUB_API_URL=https://api.github.com
        GITHUB_RUN_ID=30433642
        GITHUB_SHA={MadeByTheHost}
        """;

    private const string GitHubPullRequest = $"""
        {GitHub}
        GITHUB_EVENT_NAME=pull_request
        GITHUB_REF=refs/pull/42/merge
        GITHUB_BASE_REF=main
        GITHUB_HEAD_REF=orders
        """;

    private const string GitLab = $"""
        GITLAB_CI=true
        CI_PROJECT_PATH=acme/data/warehouse
        CI_PROJECT_URL=https://gitlab.example.com/acme/data/warehouse
        CI_API_V4_URL=https://gitlab.example.com/api/v4
        CI_JOB_URL=https://gitlab.example.com/acme/data/warehouse/-/jobs/77
        CI_COMMIT_SHA={Head}
        CI_COMMIT_MESSAGE=Orders without tests
        """;

    private const string GitLabMergeRequest = $"""
        {GitLab}
        CI_PIPELINE_SOURCE=merge_request_event
        CI_MERGE_REQUEST_IID=7
        CI_MERGE_REQUEST_PROJECT_PATH=acme/data/warehouse
        CI_MERGE_REQUEST_PROJECT_URL=https://gitlab.example.com/acme/data/warehouse
        CI_MERGE_REQUEST_SOURCE_PROJECT_PATH=acme/data/warehouse
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=orders
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
        CI_MERGE_REQUEST_TARGET_BRANCH_SHA=
        CI_MERGE_REQUEST_DIFF_BASE_SHA={Base}
        CI_MERGE_REQUEST_TITLE=Orders without tests
        """;

    private const string Azure = $"""
        TF_BUILD=True
        SYSTEM_COLLECTIONURI=https://dev.azure.com/acme/
        SYSTEM_TEAMPROJECT=Data Team
        BUILD_REPOSITORY_NAME=warehouse
        BUILD_REPOSITORY_PROVIDER=TfsGit
        BUILD_BUILDID=901
        BUILD_SOURCEVERSION={MadeByTheHost}
        BUILD_SOURCEVERSIONMESSAGE=Merge pull request 42 from orders into main
        """;

    public static TheoryData<string, string, string?, string> Cases => new()
    {
        {
            "GitHub, a pull request", GitHubPullRequest, "pull_request.json",
            $"GitHub pull_request acme/warehouse #42 main {Base} <- orders {Head} labels: cidiff, dbt https://github.com/acme/warehouse/pull/42 https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, a draft from a fork", GitHubPullRequest, "pull_request.fork.json",
            $"GitHub pull_request acme/warehouse #42 main {Base} <- orders {Head} labels: draft fork https://github.com/acme/warehouse/pull/42 https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, the fork is gone", GitHubPullRequest, "pull_request.fork_deleted.json",
            $"GitHub pull_request acme/warehouse #42 main {Base} <- orders {Head} labels: cidiff, dbt fork https://github.com/acme/warehouse/pull/42 https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, the variables alone", GitHubPullRequest, null,
            "GitHub pull_request acme/warehouse #42 main - <- orders - labels unknown https://github.com/acme/warehouse/pull/42 https://github.com/acme/warehouse/actions/runs/30433642 noted"
        },
        {
            "GitHub, after another workflow", $"{GitHub}\nGITHUB_EVENT_NAME=workflow_run\nGITHUB_REF=refs/heads/main\nGITHUB_REF_TYPE=branch\nGITHUB_REF_NAME=main", "workflow_run.json",
            $"GitHub workflow_run acme/warehouse #42 main {Base} <- orders {Head} 'Orders without tests\n\ncidiff-skip' labels unknown https://github.com/acme/warehouse/pull/42 https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, after another workflow of a fork", $"{GitHub}\nGITHUB_EVENT_NAME=workflow_run\nGITHUB_REF=refs/heads/main", "workflow_run.fork.json",
            $"GitHub workflow_run acme/warehouse no number - - <- orders {Head} 'Orders without tests\n\ncidiff-skip' labels unknown fork https://github.com/acme/warehouse/actions/runs/30433642 noted"
        },
        {
            "GitHub, a merge queue", $"{GitHub}\nGITHUB_EVENT_NAME=merge_group", "merge_group.json",
            $"GitHub merge_group acme/warehouse no number main {Base} <- gh-readonly-queue/main/pr-42-{Base} {Head} 'Merge pull request #42' labels unknown https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, a comment on a pull request", $"{GitHub}\nGITHUB_EVENT_NAME=issue_comment\nGITHUB_REF=refs/heads/main", "issue_comment.json",
            "GitHub issue_comment acme/warehouse #42 - - <- - - labels: cidiff draft https://github.com/acme/warehouse/pull/42 https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, a comment on an issue", $"{GitHub}\nGITHUB_EVENT_NAME=issue_comment\nGITHUB_REF=refs/heads/main", "issue_comment.issue.json",
            "GitHub issue_comment acme/warehouse no number - - <- - - labels unknown https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitHub, a push", $"{GitHub}\nGITHUB_EVENT_NAME=push\nGITHUB_REF=refs/heads/orders\nGITHUB_REF_TYPE=branch\nGITHUB_REF_NAME=orders", "push.json",
            $"GitHub push acme/warehouse no number - - <- orders {MadeByTheHost} 'Orders without tests' labels unknown https://github.com/acme/warehouse/actions/runs/30433642"
        },
        {
            "GitLab, a merge request", $"{GitLabMergeRequest}\nCI_MERGE_REQUEST_LABELS=cidiff, needs review", null,
            $"GitLab merge_request_event acme/data/warehouse #7 main {Base} <- orders {Head} 'Orders without tests' labels: cidiff, needs review https://gitlab.example.com/acme/data/warehouse/-/merge_requests/7 https://gitlab.example.com/acme/data/warehouse/-/jobs/77"
        },
        {
            "GitLab, merged results", $"{GitLabMergeRequest.Replace(Head, MadeByTheHost, StringComparison.Ordinal)}\nCI_MERGE_REQUEST_SOURCE_BRANCH_SHA={Head}", null,
            $"GitLab merge_request_event acme/data/warehouse #7 main {Base} <- orders {Head} labels: https://gitlab.example.com/acme/data/warehouse/-/merge_requests/7 https://gitlab.example.com/acme/data/warehouse/-/jobs/77"
        },
        {
            "GitLab, a draft from a fork", $"{GitLabMergeRequest}\nCI_PROJECT_PATH=visitor/warehouse\nCI_MERGE_REQUEST_SOURCE_PROJECT_PATH=visitor/warehouse\nCI_MERGE_REQUEST_TITLE=[Draft] Orders", null,
            $"GitLab merge_request_event acme/data/warehouse #7 main {Base} <- orders {Head} 'Orders without tests' labels: draft fork https://gitlab.example.com/acme/data/warehouse/-/merge_requests/7 https://gitlab.example.com/acme/data/warehouse/-/jobs/77"
        },
        {
            "GitLab 17.10, no draft whatever the title says", $"{GitLabMergeRequest}\nCI_MERGE_REQUEST_DRAFT=false\nCI_MERGE_REQUEST_TITLE=Drafts of orders", null,
            $"GitLab merge_request_event acme/data/warehouse #7 main {Base} <- orders {Head} 'Orders without tests' labels: https://gitlab.example.com/acme/data/warehouse/-/merge_requests/7 https://gitlab.example.com/acme/data/warehouse/-/jobs/77"
        },
        {
            "GitLab, a branch pipeline with a merge request", $"{GitLab}\nCI_PIPELINE_SOURCE=push\nCI_COMMIT_BRANCH=orders\nCI_OPEN_MERGE_REQUESTS=acme/other!3,acme/data/warehouse!7", null,
            $"GitLab push acme/data/warehouse #7 - - <- orders {Head} 'Orders without tests' labels unknown https://gitlab.example.com/acme/data/warehouse/-/merge_requests/7 https://gitlab.example.com/acme/data/warehouse/-/jobs/77 noted"
        },
        {
            "GitLab, a branch pipeline", $"{GitLab}\nCI_PIPELINE_SOURCE=push\nCI_COMMIT_BRANCH=main", null,
            $"GitLab push acme/data/warehouse no number - - <- main {Head} 'Orders without tests' labels unknown https://gitlab.example.com/acme/data/warehouse/-/jobs/77"
        },
        {
            "Bitbucket, a pull request",
            $"BITBUCKET_BUILD_NUMBER=12\nBITBUCKET_REPO_FULL_NAME=acme/warehouse\nBITBUCKET_PR_ID=42\nBITBUCKET_BRANCH=orders\nBITBUCKET_COMMIT={Head}\nBITBUCKET_PR_DESTINATION_BRANCH=main\nBITBUCKET_PR_DESTINATION_COMMIT={Base[..12]}", null,
            $"Bitbucket pull-request acme/warehouse #42 main - <- orders {Head} labels unknown https://bitbucket.org/acme/warehouse/pull-requests/42 https://bitbucket.org/acme/warehouse/pipelines/results/12"
        },
        {
            "Bitbucket, a push", $"BITBUCKET_BUILD_NUMBER=12\nBITBUCKET_WORKSPACE=acme\nBITBUCKET_REPO_SLUG=warehouse\nBITBUCKET_BRANCH=main\nBITBUCKET_COMMIT={Head}", null,
            $"Bitbucket push acme/warehouse no number - - <- main {Head} labels unknown https://bitbucket.org/acme/warehouse/pipelines/results/12"
        },
        {
            "Azure, a pull request",
            $"{Azure}\nBUILD_REASON=PullRequest\nSYSTEM_PULLREQUEST_PULLREQUESTID=42\nSYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/orders\nSYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main\nSYSTEM_PULLREQUEST_SOURCECOMMITID={Head}\nSYSTEM_PULLREQUEST_ISFORK=False", null,
            $"Azure PullRequest acme/Data Team/warehouse #42 main - <- orders {Head} labels unknown https://dev.azure.com/acme/Data%20Team/_git/warehouse/pullrequest/42 https://dev.azure.com/acme/Data%20Team/_build/results?buildId=901"
        },
        {
            "Azure, branches without their prefix, from a fork",
            $"{Azure}\nBUILD_REASON=PullRequest\nSYSTEM_PULLREQUEST_PULLREQUESTID=42\nSYSTEM_PULLREQUEST_SOURCEBRANCH=orders\nSYSTEM_PULLREQUEST_TARGETBRANCH=main\nSYSTEM_PULLREQUEST_SOURCECOMMITID={Head}\nSYSTEM_PULLREQUEST_ISFORK=True", null,
            $"Azure PullRequest acme/Data Team/warehouse #42 main - <- orders {Head} labels unknown fork https://dev.azure.com/acme/Data%20Team/_git/warehouse/pullrequest/42 https://dev.azure.com/acme/Data%20Team/_build/results?buildId=901"
        },
        {
            "Azure, the old address, a push", $"{Azure}\nSYSTEM_COLLECTIONURI=https://acme.visualstudio.com/\nBUILD_REASON=IndividualCI\nBUILD_SOURCEBRANCH=refs/heads/main", null,
            $"Azure IndividualCI acme/Data Team/warehouse no number - - <- main {MadeByTheHost} 'Merge pull request 42 from orders into main' labels unknown https://acme.visualstudio.com/Data%20Team/_build/results?buildId=901"
        },
        {
            "Azure, the repository is on GitHub",
            $"{Azure}\nBUILD_REPOSITORY_PROVIDER=GitHub\nBUILD_REPOSITORY_NAME=acme/warehouse\nBUILD_REASON=PullRequest\nSYSTEM_PULLREQUEST_PULLREQUESTID=512333\nSYSTEM_PULLREQUEST_PULLREQUESTNUMBER=42\nSYSTEM_PULLREQUEST_SOURCEBRANCH=orders\nSYSTEM_PULLREQUEST_TARGETBRANCH=main\nSYSTEM_PULLREQUEST_SOURCECOMMITID={Head}", null,
            $"Azure PullRequest - #42 main - <- orders {Head} labels unknown https://dev.azure.com/acme/Data%20Team/_build/results?buildId=901 noted"
        },
        { "nobody", "PATH=/bin\nCI=true", null, "Local - - no number - - <- - - labels unknown" },
        { "switched off", "GITHUB_ACTIONS=false\nGITLAB_CI=\nTF_BUILD=", null, "Local - - no number - - <- - - labels unknown" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_job_is_read_as_its_host_describes_it(string name, string variables, string? payload, string expected)
    {
        var context = PullRequestReader.Read(Variables(variables), payload is null ? null : Fixture.Text($"events/{payload}"));

        Assert.Equal($"{name}: {expected}", $"{name}: {Told(context)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    [InlineData("<html>")]
    public void A_broken_payload_is_a_note_and_the_variables_still_count(string payload)
    {
        var context = PullRequestReader.Read(Variables(GitHubPullRequest), payload);

        Assert.Equal((42, "main", "orders", false), (context.Number, context.BaseBranch, context.HeadBranch, context.AreLabelsKnown));
        Assert.Contains("GITHUB_EVENT_PATH", Assert.Single(context.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"pull_request": 5}""")]
    [InlineData("""{"pull_request": {"number": "42", "labels": {}, "head": [], "base": {"sha": "main", "repo": 1}}}""")]
    [InlineData("""{"pull_request": {"number": -1, "labels": [1, {"name": 2}, {}, null], "head": {"sha": "--upload-pack=x"}, "html_url": "javascript:alert(1)"}}""")]
    [InlineData("""{"pull_request": {"number": 1e99, "head": {"sha": "0000000000000000000000000000000000000000"}}}""")]
    public void Fields_of_another_type_are_absent(string payload)
    {
        var context = PullRequestReader.Read(Variables(GitHubPullRequest), payload);

        Assert.Equal((42, null, null), (context.Number, context.HeadCommit, context.BaseCommit));
        Assert.Equal("https://github.com/acme/warehouse/pull/42", context.Url?.ToString());
        Assert.Empty(context.Labels);
    }

    [Fact]
    public void Only_GitHub_has_a_payload()
    {
        var variables = Variables($"{GitHubPullRequest}\nGITHUB_EVENT_PATH=/event.json");

        Assert.Equal("/event.json", PullRequestReader.PayloadPath(variables));
        Assert.Null(PullRequestReader.PayloadPath(Variables($"{GitLab}\nGITHUB_EVENT_PATH=/event.json")));
    }

    // Later lines win, as in a job that sets its own.
    private static Dictionary<string, string> Variables(string text)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            variables[line[..line.IndexOf('=', StringComparison.Ordinal)].Trim()] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        return variables;
    }

    private static string Told(PullRequestContext context) => string.Join(' ', new[]
    {
        context.Host.ToString(),
        context.Event ?? "-",
        context.Repository ?? "-",
        context.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"#{number}") : "no number",
        context.BaseBranch ?? "-",
        context.BaseCommit ?? "-",
        "<-",
        context.HeadBranch ?? "-",
        context.HeadCommit ?? "-",
        context.HeadMessage is { } message ? $"'{message}'" : null,
        context.AreLabelsKnown ? $"labels: {string.Join(", ", context.Labels)}".TrimEnd() : "labels unknown",
        context.IsDraft ? "draft" : null,
        context.IsFork ? "fork" : null,
        context.Url?.AbsoluteUri,
        context.JobUrl?.AbsoluteUri,
        context.Notes.Count > 0 ? "noted" : null,
    }.OfType<string>());
}

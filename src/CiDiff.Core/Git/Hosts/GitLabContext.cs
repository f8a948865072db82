namespace CiDiff.Git.Hosts;

/// <summary>GitLab CI: <c>CI_*</c>, most of it in merge request pipelines only.</summary>
/// <remarks>https://docs.gitlab.com/ci/variables/predefined_variables/</remarks>
internal static class GitLabContext
{
    private static readonly string[] DraftPrefixes = ["draft:", "[draft]", "(draft)"];

    /// <summary>Reads.</summary>
    public static PullRequestContext Read(CiVariables variables)
    {
        var project = variables.Text("CI_MERGE_REQUEST_PROJECT_PATH") ?? variables.Text("CI_PROJECT_PATH");
        var number = variables.Number("CI_MERGE_REQUEST_IID");
        var context = new PullRequestContext
        {
            Host = CiHost.GitLab,
            Event = variables.Text("CI_PIPELINE_SOURCE"),
            Repository = project,
            ApiUrl = variables.Url("CI_API_V4_URL") ?? new Uri("https://gitlab.com/api/v4"),
            JobUrl = variables.Url("CI_JOB_URL"),
        };

        if (number is null)
        {
            // A branch pipeline knows the merge requests of its branch, but nothing of them.
            var open = OpenMergeRequest(variables.Text("CI_OPEN_MERGE_REQUESTS"), project);
            return context with
            {
                Number = open,
                Url = PageOf(variables.Url("CI_PROJECT_URL"), open),
                HeadBranch = variables.Text("CI_COMMIT_BRANCH"),
                HeadCommit = variables.Commit("CI_COMMIT_SHA"),
                HeadMessage = variables.Text("CI_COMMIT_MESSAGE"),
                Notes = open is null ? [] : ["This is a branch pipeline: GitLab tells labels and the target branch only in merge request pipelines."],
            };
        }

        // A merged results pipeline runs on a commit that GitLab made, and only there this variable has a value.
        var own = variables.Commit("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
        return context with
        {
            Number = number,
            Url = PageOf(variables.Url("CI_MERGE_REQUEST_PROJECT_URL"), number),
            BaseBranch = variables.Text("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
            BaseCommit = variables.Commit("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
            HeadBranch = variables.Text("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
            HeadCommit = own ?? variables.Commit("CI_COMMIT_SHA"),
            HeadMessage = own is null ? variables.Text("CI_COMMIT_MESSAGE") : null,
            Labels = Split(variables.Text("CI_MERGE_REQUEST_LABELS")),
            AreLabelsKnown = true,
            IsDraft = variables.IsSet("CI_MERGE_REQUEST_DRAFT") || IsDraftTitle(variables.Text("CI_MERGE_REQUEST_TITLE")),
            IsFork = variables.Text("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH") is { } source && source != project,
        };
    }

    // "group/project!12,group/fork!3"
    private static long? OpenMergeRequest(string? list, string? project) => Split(list)
        .Select(reference => reference.Split('!'))
        .Where(parts => parts.Length == 2 && parts[0] == project)
        .Select(parts => CiVariables.NumberOf(parts[1]))
        .FirstOrDefault(number => number is not null);

    private static Uri? PageOf(Uri? project, long? number) =>
        project is not null && number is not null ? new Uri($"{project.AbsoluteUri.TrimEnd('/')}/-/merge_requests/{number}") : null;

    // The variable for it came with GitLab 17.10: https://gitlab.com/gitlab-org/gitlab/-/issues/275981
    private static bool IsDraftTitle(string? title) =>
        title is not null && DraftPrefixes.Any(prefix => title.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string[] Split(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}

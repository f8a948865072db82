using System.CommandLine;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Profiles;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff init</c>: writes the first <c>cidiff.yml</c> and, on request, the CI file and the hook.</summary>
internal static class InitCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var project = new Option<string?>("--project-dir")
        {
            Description = "Folder of dbt_project.yml [default: this folder or one above it]",
            HelpName = "DIR",
        };
        var ci = new Option<string?>("--ci")
        {
            Description = "Also write the job for this CI host [default: none; the host of the remote is proposed]",
            HelpName = "github|gitlab|none",
        };
        ci.AcceptOnlyFromAmong("github", "gitlab", "none");
        var hook = new Option<bool>("--hook") { Description = "Also install the pre-push hook" };
        var force = new Option<bool>("--force") { Description = "Write files anew that are there already" };
        var command = new Command("init", "Write cidiff.yml and, on request, the CI job and the pre-push hook") { project, ci, hook, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = ProfileReader.FindProjectDirectory(new ProfileRequest
            {
                WorkingDirectory = host.WorkingDirectory,
                Environment = host.Environment.Variables,
                ProjectDirectory = parsed.GetValue(project),
            }) ?? throw new UserErrorException(
                ErrorCodes.ProjectNotFound,
                $"There is no dbt_project.yml in '{host.WorkingDirectory}' or above it.",
                "Run this command in the dbt project, or name its folder with --project-dir.");
            var repository = await FindRepositoryAsync(folder, cancellationToken);
            var start = new Start(host, folder, repository, parsed.GetValue(force));
            await start.WriteConfigAsync(cancellationToken);
            await start.WriteJobAsync(parsed.GetValue(ci), cancellationToken);
            try
            {
                if (parsed.GetValue(hook))
                {
                    await start.InstallHookAsync(cancellationToken);
                }
            }
            finally
            {
                // A hook that cannot be installed takes back nothing of the rest.
                await start.TellWhatIsLeftAsync();
            }

            return ExitCodes.Pass;
        });
        return command;
    }

    private static async Task<GitRepository?> FindRepositoryAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await GitRepository.FindAsync(folder, Patience, cancellationToken);
        }
        catch (UserErrorException error) when (error.Code == ErrorCodes.GitNotFound)
        {
            return null;
        }
    }

    private sealed class Start(CliHost host, string project, GitRepository? repository, bool isForced)
    {
        // Where teams keep production's manifest, most usual first.
        private static readonly string[] UsualFolders = ["prod-artifacts", "prod_artifacts", "prod", "state", ".state", "artifacts", "prod-target"];

        // GitHub's own braces, which an interpolated text would take for its.
        private const string Events = "{pull_request: {types: [opened, synchronize, reopened, labeled, unlabeled]}}";
        private const string OneAtATime = "${{ github.workflow }}-${{ github.ref }}";

        private readonly List<string> _left = [];

        // Null in a project that is the repository, or in none.
        private string? Subfolder => repository is not null && Path.GetRelativePath(repository.Root, project).Replace('\\', '/') is var path && path != "." && !path.StartsWith("..", StringComparison.Ordinal)
            ? path
            : null;

        private string Artifacts => UsualFolders.FirstOrDefault(name => File.Exists(Path.Combine(project, name, "manifest.json"))) ?? UsualFolders[0];

        private string Target => Setting("target-path") ?? "target";

        public async Task WriteConfigAsync(CancellationToken cancellationToken) => await WriteAsync(
            Path.Combine(project, "cidiff.yml"),
            $$"""
            # yaml-language-server: $schema=https://raw.githubusercontent.com/cidiff/cidiff/main/schemas/cidiff.schema.json
            # What CiDiff compares and what fails a pull request: https://github.com/cidiff/cidiff/blob/main/docs/configuration.md
            version: 1

            # Where production's manifest.json is, and the pull request's.
            base:
              - path: {{Artifacts}}
            head:
              path: {{Target}}

            rules:
              primary_keys: fail        # null or duplicate keys in the pull request
              removed_columns: warn
              # changed_rows: {warn: 1%, fail: 10%}

            # none: no value of a table leaves the job. keys: key values may be shown. full: all, but for columns tagged pii.
            privacy: {values: none}

            # Settings for the models that a dbt selector names.
            # models:
            #   - select: tag:finance
            #     rules: {changed_rows: fail}
            """,
            cancellationToken);

        public async Task WriteJobAsync(string? ci, CancellationToken cancellationToken)
        {
            var remote = repository is null ? null : await repository.RemoteUrlAsync("origin", cancellationToken);
            var proposed = remote is null ? null
                : remote.Contains("github", StringComparison.OrdinalIgnoreCase) ? "github"
                : remote.Contains("gitlab", StringComparison.OrdinalIgnoreCase) ? "gitlab"
                : null;
            var root = repository?.Root ?? project;
            switch (ci)
            {
                case "github":
                    _left.Add(!await WriteAsync(Path.Combine(root, ".github", "workflows", "cidiff.yml"), GitHub(), cancellationToken) && Lacks(root, ".github", "workflows", "cidiff.yml")
                        ? $"In .github/workflows/cidiff.yml, add a step for this project, which it lacks: build it, then `uses: cidiff/cidiff@…` with `working-directory: {Subfolder}`."
                        : "In .github/workflows/cidiff.yml, put your own steps where the comment stands: fetch production's manifest, and build the pull request into a schema of its own.");
                    break;
                case "gitlab" when !isForced && new[] { ".gitlab-ci.yml", Path.Combine(".gitlab", "cidiff.yml") }.FirstOrDefault(name => IsCiDiffs(root, name)) is { } jobs:
                    await host.Output.WriteLineAsync($"Kept {jobs}, which has a job of CiDiff's already.");
                    _left.Add(!Lacks(root, jobs)
                        ? $"In {jobs.Replace('\\', '/')}, name the job that builds the pull request in `needs`."
                        : $"In {jobs.Replace('\\', '/')}, add a job for this project, which it lacks: `{{extends: cidiff, variables: {{CIDIFF_DBT_PROJECT_DIR: {Subfolder}, "
                        + $"CIDIFF_BASE: {Subfolder}/{Artifacts}, CIDIFF_HEAD: {Subfolder}/{Target}}}}}`.");
                    break;
                case "gitlab" when !File.Exists(Path.Combine(root, ".gitlab-ci.yml")):
                    await WriteAsync(Path.Combine(root, ".gitlab-ci.yml"), GitLab(), cancellationToken);
                    _left.Add("In .gitlab-ci.yml, add the job that fetches production's manifest and builds the pull request, and name it in `needs`.");
                    break;
                case "gitlab":
                    await WriteAsync(Path.Combine(root, ".gitlab", "cidiff.yml"), GitLab(), cancellationToken);
                    _left.Add("In .gitlab-ci.yml, add `include: [{local: .gitlab/cidiff.yml}]`, and in .gitlab/cidiff.yml name the job that builds the pull request in `needs`.");
                    break;
                default:
                    _left.Add(
                        $"In your pipeline, fetch production's manifest, build the pull request into a schema of its own, and run `cidiff run`."
                        + (ci is null && proposed is not null ? $" `cidiff init --ci {proposed}` writes the job." : ""));
                    break;
            }
        }

        public async Task InstallHookAsync(CancellationToken cancellationToken) =>
            await HookCommand.InstallAsync(host, repository ?? throw HookCommand.NoRepository(host), project, [], isStrict: false, cancellationToken);

        public async Task TellWhatIsLeftAsync()
        {
            _left.Insert(0, $"Keep production's manifest: upload {Target}/manifest.json of the job that builds production, and bring it into {Artifacts}/ before CiDiff runs.");
            _left.Add("Try it here: `dbt build --select state:modified+ --defer --state " + Artifacts + "`, then `cidiff plan` and `cidiff run`.");
            await host.Output.WriteLineAsync();
            await host.Output.WriteLineAsync("Left to do:");
            foreach (var (index, step) in _left.Index())
            {
                await host.Output.WriteLineAsync($"  {index + 1}. {step}");
            }
        }

        private string GitHub()
        {
            var folder = Subfolder is { } path ? $"\n          working-directory: {path}" : "";
            return $$"""
                # Shows what a pull request does to the data: https://github.com/cidiff/cidiff
                name: cidiff
                on: {{Events}}
                concurrency: {group: "{{OneAtATime}}", cancel-in-progress: true}
                permissions: {contents: read, pull-requests: write, statuses: write, checks: write}
                jobs:
                  cidiff:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: actions/checkout@v4
                        with: {fetch-depth: 0}

                      # Your own steps: install dbt, fetch production's manifest.json into {{Artifacts}}, and build the pull request into a schema of its own:
                      #   dbt build --select state:modified+ --defer --state {{Artifacts}} --target pull_request

                      - uses: cidiff/cidiff@v{{ToolVersion.Text.Split('-', '+')[0]}}
                        with:
                          base: {{Artifacts}}
                          head: {{Target}}{{folder}}
                """;
        }

        private string GitLab()
        {
            // Variables, not a `cd`: GitLab takes reports from paths below the repository's root.
            var (below, folder) = Subfolder is { } path ? ($"{path}/", $"\n    CIDIFF_DBT_PROJECT_DIR: {path}") : ("", "");
            return $$"""
                # Shows what a merge request does to the data: https://github.com/cidiff/cidiff
                include:
                  - remote: https://raw.githubusercontent.com/cidiff/cidiff/v{{ToolVersion.Text.Split('-', '+')[0]}}/gitlab-ci-template.yml

                cidiff:
                  needs: []   # the job whose artifacts hold both manifests, for example [dbt]
                  variables:
                    CIDIFF_BASE: {{below}}{{Artifacts}}
                    CIDIFF_HEAD: {{below}}{{Target}}{{folder}}
                """;
        }

        // One line of dbt_project.yml that has no Jinja in it; anything else is left at dbt's default.
        private string? Setting(string key)
        {
            var line = File.ReadLines(Path.Combine(project, "dbt_project.yml")).FirstOrDefault(line => line.StartsWith(key + ":", StringComparison.Ordinal));
            var value = line?[(key.Length + 1)..].Split(" #")[0].Trim().Trim('"', '\'');
            return string.IsNullOrEmpty(value) || value.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.' or '/')) ? null : value;
        }

        // Several projects of a repository share a pipeline, which was written for the first of them.
        private bool Lacks(params string[] file) =>
            Subfolder is { } folder && !File.ReadLines(Path.Combine(file)).Any(line => line.Split([' ', '"', '\'', ',', '{', '}']).Contains(folder, StringComparer.Ordinal));

        private static bool IsCiDiffs(string root, string name) =>
            Path.Combine(root, name) is var file && File.Exists(file) && File.ReadAllText(file).Contains("gitlab-ci-template.yml", StringComparison.Ordinal);

        // False when the file stays as it is.
        private async Task<bool> WriteAsync(string path, string text, CancellationToken cancellationToken)
        {
            var shown = Path.GetRelativePath(host.WorkingDirectory, path);
            if (File.Exists(path) && !isForced)
            {
                await host.Output.WriteLineAsync($"Kept {shown}, which is there already; --force writes it anew.");
                return false;
            }

            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, text.ReplaceLineEndings("\n") + "\n", cancellationToken);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException(ErrorCodes.FileNotWritten, $"'{path}' could not be written: {error.Message}", "Check who may write to the folder.", error);
            }

            await host.Output.WriteLineAsync($"Wrote {shown}.");
            return true;
        }
    }
}

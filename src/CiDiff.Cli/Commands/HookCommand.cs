using System.CommandLine;
using System.Globalization;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Profiles;
using CiDiff.Reports;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff hook</c>: installs and removes the git pre-push hook.</summary>
internal static class HookCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The command.</summary>
    public static Command Create(CliHost host) => new("hook", "Install or remove the git pre-push hook, which compares before you push")
    {
        CreateInstall(host),
        CreateRemove(host),
        HookRun.Create(host),
    };

    private static Command CreateInstall(CliHost host)
    {
        var project = new Option<string?>("--project-dir")
        {
            Description = "Folder of dbt_project.yml [default: this folder or one above it]",
            HelpName = "DIR",
        };
        var options = new HookOptions();
        var command = new Command("install", "Install the pre-push hook; a hook that is there stays and runs first") { project };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var repository = await RepositoryAsync(host, cancellationToken);
            var found = ProfileReader.FindProjectDirectory(new ProfileRequest
            {
                WorkingDirectory = host.WorkingDirectory,
                Environment = host.Environment.Variables,
                ProjectDirectory = parsed.GetValue(project),
            });
            await InstallAsync(host, repository, found ?? repository.Root, options.Words(parsed), cancellationToken);
            return ExitCodes.Pass;
        });
        return command;
    }

    /// <summary>Installs the hook and says so.</summary>
    /// <param name="host">The world around the process.</param>
    /// <param name="repository">Where.</param>
    /// <param name="project">The dbt project's folder.</param>
    /// <param name="words">Options of the hook.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public static async Task InstallAsync(CliHost host, GitRepository repository, string project, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var (folder, isShared) = await repository.HooksFolderAsync(cancellationToken);
        if (isShared)
        {
            throw new UserErrorException(
                ErrorCodes.HookInTheWay,
                $"git takes the hooks of all your repositories from '{folder}' (core.hooksPath), so a hook there would run in every one of them.",
                "Give this repository a folder of its own, `git config --local core.hooksPath .githooks`, and install again.");
        }

        var inRepository = Path.GetRelativePath(repository.Root, project).Replace('\\', '/');
        if (inRepository.StartsWith("..", StringComparison.Ordinal))
        {
            throw new UserErrorException(
                ErrorCodes.ProjectNotFound, $"The dbt project in '{project}' is not in the repository '{repository.Root}'.", "Run this command in the project's repository.");
        }

        var hook = new PrePushHook(folder);
        await host.Output.WriteLineAsync(hook.Install(inRepository, words) switch
        {
            HookChange.Updated => $"Updated {hook.File}.",
            HookChange.InstalledBeforeAnother => $"Installed {hook.File}. The hook that was there is now {Path.GetFileName(hook.Before)} and runs first.",
            _ => $"Installed {hook.File}.",
        });
        await host.Output.WriteLineAsync("It runs before each push; `git push --no-verify` pushes without it, and `cidiff hook remove` takes it away.");
    }

    /// <summary>There is no repository to install a hook in.</summary>
    public static UserErrorException NoRepository(CliHost host) => new(
        ErrorCodes.GitFailed, $"'{host.WorkingDirectory}' is not in a git repository.", "Run the command in the working copy of the dbt project.");

    private static Command CreateRemove(CliHost host)
    {
        var command = new Command("remove", "Remove the pre-push hook and bring back the one from before");
        command.SetAction(async (_, cancellationToken) =>
        {
            var (folder, _) = await (await RepositoryAsync(host, cancellationToken)).HooksFolderAsync(cancellationToken);
            var hook = new PrePushHook(folder);
            await host.Output.WriteLineAsync(hook.Remove() switch
            {
                HookChange.Removed => $"Removed {hook.File}.",
                HookChange.RemovedAndRestored => $"Removed CiDiff's {hook.File}; the hook from before is back.",
                _ => $"There is no hook of CiDiff's at {hook.File}.",
            });
            return ExitCodes.Pass;
        });
        return command;
    }

    private static async Task<GitRepository> RepositoryAsync(CliHost host, CancellationToken cancellationToken) =>
        await GitRepository.FindAsync(host.WorkingDirectory, Patience, cancellationToken)
        ?? throw NoRepository(host);
}

/// <summary>How the hook goes about it; given when it is installed.</summary>
internal sealed class HookOptions
{
    private const string DefaultTimeout = "60s";

    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "Stop comparing after this time and let the push go on",
        HelpName = "TIME",
        DefaultValueFactory = _ => DefaultTimeout,
    };

    private readonly Option<bool> _planOnly = new("--plan-only")
    {
        Description = "Only tell what would be compared; read no table",
    };

    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Stop the push also when it could not be told what it does",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _timeout.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Durations.TryReadSeconds(token.Value) is not > 0)
            {
                result.AddError($"--timeout takes a time such as 30s or 2m, not '{token.Value}'.");
            }
        });
        command.Add(_timeout);
        command.Add(_planOnly);
        command.Add(_strict);
    }

    /// <summary>The longest that comparing may take.</summary>
    public TimeSpan Timeout(ParseResult parsed) => TimeSpan.FromSeconds((double)Durations.TryReadSeconds(parsed.GetRequiredValue(_timeout))!.Value);

    /// <summary>Whether tables stay unread.</summary>
    public bool IsPlanOnly(ParseResult parsed) => parsed.GetValue(_planOnly);

    /// <summary>Whether not knowing stops the push.</summary>
    public bool IsStrict(ParseResult parsed) => parsed.GetValue(_strict);

    /// <summary>The options again, as words for the hook's own call.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) =>
    [
        .. parsed.GetRequiredValue(_timeout) is var timeout && timeout != DefaultTimeout ? ["--timeout", timeout] : Array.Empty<string>(),
        .. IsPlanOnly(parsed) ? ["--plan-only"] : Array.Empty<string>(),
        .. IsStrict(parsed) ? ["--strict"] : Array.Empty<string>(),
    ];
}

/// <summary>What the hook calls.</summary>
internal static class HookRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] DbtFiles = [".sql", ".py", ".yml", ".yaml", ".csv", ".md", ".jinja", ".jinja2", ".json"];

    // What a clone knows of the branch that its work goes to.
    private static readonly string[] MainBranches = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var remote = new Argument<string[]>("REMOTE") { Description = "Name and URL of the remote, as git gives them", Arity = new ArgumentArity(0, 2) };
        var run = new RunOptions();
        var options = new HookOptions();
        var command = new Command("run", "Compare what is about to be pushed; git calls this, with the refs on stdin") { remote };
        command.Hidden = true;
        run.AddTo(command, withReports: false);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new Push(host, run, options, parsed).RunAsync(cancellationToken));
        return command;
    }

    private sealed class Push(CliHost host, RunOptions run, HookOptions options, ParseResult parsed)
    {
        private readonly OutputFlags _output = run.Output(parsed);

        public async Task<int> RunAsync(CancellationToken cancellationToken)
        {
            var branches = PushedRef.Parse(await host.Input.ReadToEndAsync(cancellationToken)).Where(pushed => pushed is { IsDeletion: false, IsBranch: true }).ToList();
            if (branches.Count == 0)
            {
                return ExitCodes.Pass;
            }

            try
            {
                return await IsWorthLookingAsync(branches, cancellationToken) ? await CompareAsync(cancellationToken) : ExitCodes.Pass;
            }
            catch (UserErrorException error)
            {
                ErrorText.Write(host.Error, error);
                return await UnknownAsync();
            }
        }

        private async Task<bool> IsWorthLookingAsync(List<PushedRef> branches, CancellationToken cancellationToken)
        {
            var repository = await GitRepository.FindAsync(host.WorkingDirectory, Patience, cancellationToken);
            if (repository is null)
            {
                return true;
            }

            var head = await repository.HeadCommitAsync(cancellationToken);
            if (branches.Find(branch => branch.LocalCommit == head) is not { } pushed)
            {
                await SayAsync("what is pushed is not what is checked out, and the manifest in target is of the latter; nothing was compared.");
                return false;
            }

            if (await ChangedFilesAsync(repository, pushed, cancellationToken) is not { } files)
            {
                return true;
            }

            var folder = Path.GetRelativePath(repository.Root, host.WorkingDirectory).Replace('\\', '/');
            var prefix = folder is "." || folder.StartsWith("..", StringComparison.Ordinal) ? "" : folder + "/";
            if (!files.Any(file => file.StartsWith(prefix, StringComparison.Ordinal) && DbtFiles.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)))
            {
                await SayAsync("the commits change no file of the dbt project.");
                return false;
            }

            return true;
        }

        // Null when the clone cannot tell: the remote's commit is not here, or there is no main branch to start from.
        private static async Task<IReadOnlyList<string>?> ChangedFilesAsync(GitRepository repository, PushedRef pushed, CancellationToken cancellationToken)
        {
            foreach (var start in pushed.IsNew ? MainBranches : [pushed.RemoteCommit])
            {
                try
                {
                    return await repository.ChangedFilesAsync(new Sides<string>(start, pushed.LocalCommit), cancellationToken);
                }
                catch (UserErrorException)
                {
                    // Not here; the next one may be.
                }
            }

            return null;
        }

        private async Task<int> CompareAsync(CancellationToken cancellationToken)
        {
            var (plan, _) = await ExecuteAsync(planOnly: true, cancellationToken);
            if (plan.Error is { } stopped)
            {
                ErrorText.Write(host.Error, stopped.Code, stopped.Message, stopped.Hint);
                return await UnknownAsync();
            }

            if (plan.Status == RunStatus.Skipped)
            {
                await SayAsync(plan.Reason);
                return ExitCodes.Pass;
            }

            ConsoleReport.WritePlan(plan, host.Output, Answers.ConsoleOptions(host, _output, null));
            await host.Output.FlushAsync(cancellationToken);
            if (options.IsPlanOnly(parsed) || plan.Notes.Any(note => note.StartsWith(DiffRun.WarehouseNotAsked, StringComparison.Ordinal)) || !plan.Models.Any(IsComparable))
            {
                return ExitCodes.Pass;
            }

            var timeout = options.Timeout(parsed);
            await SayAsync(string.Create(
                CultureInfo.InvariantCulture, $"comparing, for at most {timeout.TotalSeconds:0.###} s; Ctrl-C stops the push, `git push --no-verify` does without."));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            RunReport report;
            try
            {
                (report, _) = await ExecuteAsync(planOnly: false, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await SayAsync("the time is up before anything was compared; the push goes on.");
                return ExitCodes.Pass;
            }

            cancellationToken.ThrowIfCancellationRequested();
            return await AnswerAsync(report, isCut: limit.IsCancellationRequested);
        }

        private async Task<int> AnswerAsync(RunReport report, bool isCut)
        {
            if (report.Error is { } error)
            {
                ErrorText.Write(host.Error, error.Code, error.Message, error.Hint);
                return await UnknownAsync();
            }

            ConsoleReport.WriteRun(report, host.Output, Answers.ConsoleOptions(host, _output, null));
            await host.Output.FlushAsync(CancellationToken.None);
            if (isCut)
            {
                await SayAsync("the time was up before all models were compared.");
            }

            switch (report.Status)
            {
                case RunStatus.Fail:
                    await SayAsync("the push is stopped. To push all the same: git push --no-verify");
                    return ExitCodes.Fail;
                case RunStatus.Error:
                    return await UnknownAsync();
                default:
                    return ExitCodes.Pass;
            }
        }

        private async Task<(RunReport Report, RunSetup? Setup)> ExecuteAsync(bool planOnly, CancellationToken cancellationToken)
        {
            await using var story = Story.For(host, _output.Verbosity == Verbosity.Normal ? _output with { Verbosity = Verbosity.Quiet } : _output);
            return await RunSetup.ExecuteAsync(host, run, parsed, planOnly, story, cancellationToken);
        }

        private static bool IsComparable(ModelReport model) =>
            model.Outcome is Diffing.ModelOutcome.NotCompared { Reason: Diffing.NotComparedReason.PlanOnly };

        private async Task<int> UnknownAsync()
        {
            if (options.IsStrict(parsed))
            {
                await SayAsync("it could not be told what this changes, and the hook is strict. To push all the same: git push --no-verify");
                return ExitCodes.Fail;
            }

            await SayAsync("it could not be told what this changes; the push goes on.");
            return ExitCodes.Pass;
        }

        private Task SayAsync(string text) => host.Error.WriteLineAsync($"cidiff: {text}");
    }
}

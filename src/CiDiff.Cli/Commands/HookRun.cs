using System.CommandLine;
using System.Globalization;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Reports;
using CiDiff.Selection;

namespace CiDiff.Cli.Commands;

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
            var branches = PushedRef.Parse(await host.OpenInput().ReadToEndAsync(cancellationToken)).Where(pushed => pushed is { IsDeletion: false, IsBranch: true }).ToList();
            if (branches.Count == 0)
            {
                return ExitCodes.Pass;
            }

            try
            {
                return await IsWorthLookingAsync(branches, cancellationToken) switch
                {
                    true => await CompareAsync(cancellationToken),
                    false => ExitCodes.Pass,
                    null => options.IsStrict(parsed) ? await UnknownAsync() : ExitCodes.Pass,
                };
            }
            catch (UserErrorException error)
            {
                ErrorText.Write(host.Error, error);
                return await UnknownAsync();
            }
        }

        // Null when that cannot be told.
        private async Task<bool?> IsWorthLookingAsync(List<PushedRef> branches, CancellationToken cancellationToken)
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
                return null;
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
            if (options.IsPlanOnly(parsed) || !plan.Models.Any(model => model.Model is SelectedModel))
            {
                return ExitCodes.Pass;
            }

            if (plan.Notes.Any(note => note.StartsWith(DiffRun.WarehouseNotAsked, StringComparison.Ordinal)) || !plan.Models.Any(IsComparable))
            {
                return options.IsStrict(parsed) && plan.Models.Any(IsUnknown) ? await UnknownAsync() : ExitCodes.Pass;
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
                await SayAsync("the time is up before anything was compared.");
                return await UnknownAsync();
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

        // A table that is not there yet, or no more, is no riddle.
        private static bool IsUnknown(ModelReport model) => model.Outcome
            is Diffing.ModelOutcome.Failed
            or Diffing.ModelOutcome.NotCompared { Reason: Diffing.NotComparedReason.PlanOnly or Diffing.NotComparedReason.NotBuilt };

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

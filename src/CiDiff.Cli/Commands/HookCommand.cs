using System.CommandLine;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Profiles;

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
            await InstallAsync(host, repository, found ?? repository.Root, options.Words(parsed), options.IsStrict(parsed), cancellationToken);
            return ExitCodes.Pass;
        });
        return command;
    }

    /// <summary>Installs the hook and says so.</summary>
    /// <param name="host">The world around the process.</param>
    /// <param name="repository">Where.</param>
    /// <param name="project">The dbt project's folder.</param>
    /// <param name="words">Options of the hook.</param>
    /// <param name="isStrict">Whether a push is stopped also when it could not be told what it does.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public static async Task InstallAsync(
        CliHost host, GitRepository repository, string project, IReadOnlyList<string> words, bool isStrict, CancellationToken cancellationToken)
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
        await host.Output.WriteLineAsync(hook.Install(inRepository, words, isStrict) switch
        {
            HookChange.Updated => $"Updated {hook.File}.",
            HookChange.InstalledBeforeAnother => $"Installed {hook.File}. The hook that was there is now {Path.GetFileName(hook.Before)} and runs first.",
            _ when hook.IsHusky => $"Added CiDiff to husky's {hook.File}. Commit it, and everybody has the hook.",
            _ => $"Installed {hook.File}.",
        });
        if (hook.Projects is { Count: > 1 } projects)
        {
            await host.Output.WriteLineAsync($"It checks {string.Join(" and ", projects)}, one after the other.");
        }

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
                HookChange.RemovedAndRestored when hook.IsHusky => $"Removed CiDiff from husky's {hook.File}.",
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

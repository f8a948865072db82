using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>The pre-push hook of a repository. A hook that was there before is kept, runs first, and comes back when this one is removed.</summary>
/// <param name="folder">The folder of hooks; made when it does not exist.</param>
public sealed class PrePushHook(string folder)
{
    /// <summary>The line by which the file is known as ours.</summary>
    private const string Mark = "# cidiff:pre-push";

    /// <summary>The hook's file.</summary>
    public string File { get; } = Path.Combine(folder, "pre-push");

    /// <summary>Where the hook is that was there before.</summary>
    public string Before => File + ".before-cidiff";

    /// <summary>Writes the hook.</summary>
    /// <param name="project">The dbt project's folder, relative to the working copy, with slashes; <c>.</c> for its root.</param>
    /// <param name="arguments">Further words for <c>cidiff hook run</c>; any text.</param>
    /// <exception cref="UserErrorException">It cannot be written, or two hooks are in its way.</exception>
    public HookChange Install(string project, IReadOnlyList<string> arguments)
    {
        var text = Script(project, arguments);
        try
        {
            Directory.CreateDirectory(folder);
            var change = !System.IO.File.Exists(File) ? HookChange.Installed : IsOurs() ? HookChange.Updated : HookChange.InstalledBeforeAnother;
            if (change == HookChange.InstalledBeforeAnother)
            {
                if (System.IO.File.Exists(Before))
                {
                    throw new UserErrorException(
                        ErrorCodes.HookInTheWay,
                        $"'{File}' is not CiDiff's, and '{Before}', where it would be kept, is there already.",
                        "Look which of the two is wanted, delete the other, and install again.");
                }

                System.IO.File.Move(File, Before);
            }

            System.IO.File.WriteAllText(File, text);
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
                const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
                System.IO.File.SetUnixFileMode(File, Readable | Executable | UnixFileMode.UserWrite);
            }

            return change;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    /// <summary>Takes the hook away and brings back the one from before.</summary>
    /// <exception cref="UserErrorException">It cannot be deleted.</exception>
    public HookChange Remove()
    {
        if (!System.IO.File.Exists(File) || !IsOurs())
        {
            return HookChange.NothingToRemove;
        }

        try
        {
            System.IO.File.Delete(File);
            if (!System.IO.File.Exists(Before))
            {
                return HookChange.Removed;
            }

            System.IO.File.Move(Before, File);
            return HookChange.RemovedAndRestored;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    private bool IsOurs() => System.IO.File.ReadLines(File).Take(3).Contains(Mark, StringComparer.Ordinal);

    private UserErrorException NotWritten(Exception error) => new(
        ErrorCodes.HookInTheWay, $"The hook '{File}' could not be changed: {error.Message}", "Check who may write to the folder.", error);

    // Plain sh, as git for Windows has it. The tool that the repository pins comes before one that happens to be installed; a machine with neither
    // may push. What git says of the repository in variables would not hold in other folders: https://git-scm.com/docs/githooks
    private static string Script(string project, IReadOnlyList<string> arguments) => $$"""
        #!/bin/sh
        {{Mark}}
        # Written by `cidiff hook install`; `cidiff hook remove` takes it away. To push once without it: git push --no-verify
        refs=$(cat)
        before="$(dirname -- "$0")/pre-push.before-cidiff"
        if [ -x "$before" ]; then
          printf '%s\n' "$refs" | "$before" "$@" || exit $?
        fi
        unset $(git rev-parse --local-env-vars)
        if grep -qi '"cidiff"' .config/dotnet-tools.json 2>/dev/null; then
          set -- dotnet tool run cidiff -- hook run{{string.Concat(arguments.Select(argument => " " + Quote(argument)))}} -- "$@"
        elif command -v cidiff >/dev/null 2>&1; then
          set -- cidiff hook run{{string.Concat(arguments.Select(argument => " " + Quote(argument)))}} -- "$@"
        else
          echo 'cidiff: not installed here, so nothing was compared; the push goes on.' >&2
          exit 0
        fi
        cd -- {{Quote(project)}} || exit 0
        printf '%s\n' "$refs" | "$@"

        """.ReplaceLineEndings("\n");

    private static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}

/// <summary>What became of a hook.</summary>
public enum HookChange
{
    /// <summary>There was none; now there is.</summary>
    Installed,

    /// <summary>It was there and has been written anew.</summary>
    Updated,

    /// <summary>Another one was there; it is kept and runs first.</summary>
    InstalledBeforeAnother,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It is gone, and the one from before is back.</summary>
    RemovedAndRestored,

    /// <summary>There was none of CiDiff's.</summary>
    NothingToRemove,
}

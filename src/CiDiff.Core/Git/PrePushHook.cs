using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>The pre-push hook of a repository. A hook that was there before is kept, runs first, and comes back when this one is removed. Where husky
/// keeps the hooks, it is a part of husky's own script, since what is in husky's folder is written anew with each <c>npm install</c>.</summary>
public sealed class PrePushHook
{
    private readonly string _folder;

    /// <summary>Finds the place of the hook; nothing is read or written yet.</summary>
    /// <param name="folder">The folder where git looks for hooks; made when it does not exist.</param>
    public PrePushHook(string folder)
    {
        // core.hooksPath is .husky/_ since husky 9: https://typicode.github.io/husky/how-to.html (2026-11-21)
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
        IsHusky = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) == "_" && Path.GetFileName(parent) == ".husky";
        _folder = IsHusky ? parent! : folder;
        File = Path.Combine(_folder, "pre-push");
    }

    /// <summary>Whether husky runs the hook, from a file of the repository.</summary>
    public bool IsHusky { get; }

    /// <summary>The hook's file.</summary>
    public string File { get; }

    /// <summary>Where the hook is that was there before.</summary>
    public string Before => File + ".before-cidiff";

    /// <summary>The dbt projects that the hook checks, as <see cref="Install"/> took them; none when it is not installed.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public IReadOnlyList<string> Projects => [.. PrePushScript.LinesOf(Read()).Select(PrePushScript.ProjectOf)];

    /// <summary>Writes the hook, or adds a project to it.</summary>
    /// <param name="project">The dbt project's folder, relative to the working copy, with slashes; <c>.</c> for its root.</param>
    /// <param name="arguments">Further words for <c>cidiff hook run</c>; any text.</param>
    /// <param name="isStrict">Whether a push is stopped also when CiDiff cannot be run.</param>
    /// <exception cref="UserErrorException">It cannot be written, or two hooks are in its way.</exception>
    public HookChange Install(string project, IReadOnlyList<string> arguments, bool isStrict)
    {
        if (project.Contains('\n', StringComparison.Ordinal))
        {
            throw new UserErrorException(ErrorCodes.HookInTheWay, "The name of the project's folder has a line break, which the hook cannot hold.", "Rename the folder.");
        }

        var lines = PrePushScript.LinesOf(Read()).ToList();
        var line = PrePushScript.Line(project, arguments, isStrict);
        var known = lines.FindIndex(other => PrePushScript.ProjectOf(other) == project);
        if (known >= 0)
        {
            lines[known] = line;
        }
        else
        {
            lines.Add(line);
        }

        try
        {
            Directory.CreateDirectory(_folder);
            if (IsHusky)
            {
                var script = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "";
                System.IO.File.WriteAllText(File, PrePushScript.With(script, PrePushScript.Part(lines)));
                return lines.Count == 1 && known < 0 ? HookChange.Installed : HookChange.Updated;
            }

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

            System.IO.File.WriteAllText(File, PrePushScript.Whole(lines));
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

    /// <summary>Takes the hook away, for all projects, and brings back the one from before.</summary>
    /// <exception cref="UserErrorException">It cannot be deleted.</exception>
    public HookChange Remove()
    {
        if (!System.IO.File.Exists(File) || !IsOurs())
        {
            return HookChange.NothingToRemove;
        }

        try
        {
            if (IsHusky)
            {
                var others = PrePushScript.Without(System.IO.File.ReadAllText(File));
                if (!string.IsNullOrWhiteSpace(others))
                {
                    System.IO.File.WriteAllText(File, others);
                    return HookChange.RemovedAndRestored;
                }
            }

            System.IO.File.Delete(File);
            if (IsHusky || !System.IO.File.Exists(Before))
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

    private bool IsOurs() => Read().Length > 0;

    // Empty when there is none, or only somebody else's.
    private string Read()
    {
        try
        {
            if (!System.IO.File.Exists(File))
            {
                return "";
            }

            var text = System.IO.File.ReadAllText(File);
            var isOurs = IsHusky ? PrePushScript.Without(text) != text : text.Split('\n').Take(3).Contains(PrePushScript.Mark, StringComparer.Ordinal);
            return isOurs ? text : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    private UserErrorException NotWritten(Exception error) => new(
        ErrorCodes.HookInTheWay, $"The hook '{File}' could not be changed: {error.Message}", "Check who may write to the folder.", error);
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

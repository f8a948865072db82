using CiDiff.Cli.Options;

namespace CiDiff.Cli.Output;

/// <summary>Tells on stderr what a run is doing. Dispose it before the answer is written.</summary>
internal abstract class Story : IProgress<RunEvent>, IAsyncDisposable
{
    /// <summary>The teller that fits the place: a live view on a terminal, groups on GitHub, sections on GitLab, plain lines elsewhere.</summary>
    public static Story For(CliHost host, OutputFlags flags) => flags.Verbosity switch
    {
        Verbosity.Quiet => new SilentStory(),

        // Every query goes to the story at debug, which would tear a live view apart.
        Verbosity.Normal when host.IsErrorTerminal && !host.Environment.IsCi =>
            new LiveStory(host.Error, color: !flags.NoColor && !host.Environment.NoColor),
        _ => new PlainStory(host.Error, flags.Verbosity, host.Environment.Host, TimeProvider.System),
    };

    /// <inheritdoc/>
    public abstract void Report(RunEvent value);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Text from manifests, tables and servers on one line, unable to move the cursor or to issue a workflow command.</summary>
    /// <remarks>GitHub's runner takes <c>::name::</c> at the start of a line, and <c>##[name]</c> anywhere in it, as commands:
    /// https://docs.github.com/actions/reference/workflow-commands-for-github-actions. Lines here never start with data.</remarks>
    protected static string OneLine(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character))
            .Replace("##[", "## [", StringComparison.Ordinal);

    /// <summary>Seconds with one decimal, or milliseconds below one second.</summary>
    protected static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds < 1
        ? FormattableString.Invariant($"{elapsed.TotalMilliseconds:0} ms")
        : FormattableString.Invariant($"{elapsed.TotalSeconds:0.0} s");

    private sealed class SilentStory : Story
    {
        public override void Report(RunEvent value)
        {
        }
    }
}

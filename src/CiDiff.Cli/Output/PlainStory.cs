using System.Diagnostics;
using CiDiff.Cli.Options;
using CiDiff.Git;

namespace CiDiff.Cli.Output;

/// <summary>One line per event, for logs; long parts fold on CI hosts that can.</summary>
internal sealed class PlainStory(TextWriter writer, Verbosity verbosity, CiHost host, TimeProvider clock) : Story
{
    private const int LongestLine = 10_000;

    private readonly Lock _gate = new();
    private int _section;
    private bool _isSectionOpen;

    /// <inheritdoc/>
    public override void Report(RunEvent value)
    {
        lock (_gate)
        {
            switch (value)
            {
                case RunEvent.StageStarted stage:
                    CloseSection();
                    OpenSection(OneLine(stage.Description));
                    break;
                case RunEvent.Warning warning:
                    writer.WriteLine($"cidiff : warning: {OneLine(warning.Text)}");
                    break;
                case RunEvent.ModelFinished model:
                    writer.WriteLine($"  {OneLine(model.Model)}: {OneLine(model.Summary)} ({Seconds(model.Elapsed)})");
                    break;
                case RunEvent.Reasoning reasoning when verbosity == Verbosity.Debug:
                    writer.WriteLine($"  because: {OneLine(reasoning.Text)}");
                    break;
                case RunEvent.QueryStarted query when verbosity == Verbosity.Debug:
                    writer.WriteLine($"  query for {OneLine(query.Model)}:");
                    foreach (var line in query.Sql.Split('\n'))
                    {
                        writer.WriteLine($"    | {Shortened(OneLine(line))}");
                    }

                    break;
                case RunEvent.QueryFinished query when verbosity == Verbosity.Debug:
                    writer.WriteLine($"  query for {OneLine(query.Model)} took {Seconds(query.Elapsed)}");
                    break;
                case RunEvent.ModelStarted or RunEvent.Reasoning or RunEvent.QueryStarted or RunEvent.QueryFinished:
                    break;
                default:
                    throw new UnreachableException($"{value}");
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            CloseSection();
        }

        return base.DisposeAsync();
    }

    // The marks of a million groups are one line that says nothing to anybody.
    private static string Shortened(string line) => line.Length <= LongestLine
        ? line
        : FormattableString.Invariant($"{line[..(LongestLine / 2)]} … {line.Length - LongestLine} characters left out … {line[^(LongestLine / 2)..]}");

    private void OpenSection(string title)
    {
        switch (host)
        {
            case CiHost.GitHub:
                writer.WriteLine($"::group::{title}");
                break;
            case CiHost.GitLab:
                // https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
                writer.Write($"\e[0Ksection_start:{clock.GetUtcNow().ToUnixTimeSeconds()}:cidiff_{++_section}\r\e[0K{title}\n");
                break;
            case CiHost.Azure:
                // https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#formatting-commands
                writer.WriteLine($"##[group]{title}");
                break;
            case CiHost.Bitbucket or CiHost.Local:
                writer.WriteLine(title);
                break;
            default:
                throw new UnreachableException($"{host}");
        }

        _isSectionOpen = true;
    }

    private void CloseSection()
    {
        if (!_isSectionOpen)
        {
            return;
        }

        _isSectionOpen = false;
        switch (host)
        {
            case CiHost.GitHub:
                writer.WriteLine("::endgroup::");
                break;
            case CiHost.GitLab:
                writer.Write($"\e[0Ksection_end:{clock.GetUtcNow().ToUnixTimeSeconds()}:cidiff_{_section}\r\e[0K\n");
                break;
            case CiHost.Azure:
                writer.WriteLine("##[endgroup]");
                break;
            case CiHost.Bitbucket or CiHost.Local:
                break;
            default:
                throw new UnreachableException($"{host}");
        }
    }
}

using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Reports;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff report</c>: renders a finished run again.</summary>
internal static class ReportCommand
{
    private const string TextFormat = "text";
    private const string OutputsFormat = "outputs";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var run = new Argument<string>("RUN")
        {
            Description = "The run.json, or the folder it is in",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ReportPaths.DefaultFolder,
        };
        run.RejectOptions();
        var format = new Option<string>("--format", "-f")
        {
            Description = $"What to render: {TextFormat}, {OutputsFormat}, {string.Join(", ", ReportWriters.Formats)}",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "markdown",
        };
        var to = new Option<string?>("--to")
        {
            Description = "File to write to [default: stdout]",
            HelpName = "FILE",
        };
        var output = new OutputOptions();

        var command = new Command("report", "Render a finished run again, from its run.json") { run, format, to };
        output.AddTo(command, withFormat: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = ReportPaths.RunFile(host, parsed.GetRequiredValue(run));
            var wanted = parsed.GetRequiredValue(format);
            var writer = wanted is TextFormat or OutputsFormat ? null : ReportWriters.Find(wanted, TextFormat, OutputsFormat);
            var report = await JsonReportReader.ReadAsync(path, cancellationToken);

            if (parsed.GetValue(to) is { } file)
            {
                using var text = new StringWriter { NewLine = "\n" };
                Write(text, new ConsoleOptions());
                await ReportPaths.WriteFileAsync(Path.GetFullPath(file, host.WorkingDirectory), text.ToString(), cancellationToken);
            }
            else
            {
                Write(host.Output, Answers.ConsoleOptions(host, output.Read(parsed), Path.GetDirectoryName(path)));
            }

            return ExitCodes.Pass;

            void Write(TextWriter target, ConsoleOptions options)
            {
                if (wanted == OutputsFormat)
                {
                    OutputLines.Write(report, target);
                }
                else if (writer is null)
                {
                    ConsoleReport.WriteRun(report, target, options);
                }
                else
                {
                    writer.Write(report, target);
                }
            }
        });

        return command;
    }
}

using System.Threading.Channels;
using Spectre.Console;

namespace CiDiff.Cli.Output;

/// <summary>On a terminal: a line per finished model, and below them what is running now.</summary>
internal sealed class LiveStory : Story
{
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _view;

    /// <summary>Begins the view.</summary>
    public LiveStory(TextWriter writer, bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });

        _view = Task.Run(() => ShowAsync(console));
    }

    /// <inheritdoc/>
    public override void Report(RunEvent value) => _events.Writer.TryWrite(value);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        await _view;
        await base.DisposeAsync();
    }

    private Task ShowAsync(IAnsiConsole console) => console.Status().StartAsync("Starting", async status =>
    {
        var running = new List<string>();
        var stage = "Starting";
        await foreach (var value in _events.Reader.ReadAllAsync())
        {
            switch (value)
            {
                case RunEvent.StageStarted started:
                    stage = started.Description;
                    break;
                case RunEvent.Warning warning:
                    console.MarkupLine($"[yellow]warning:[/] {Markup.Escape(OneLine(warning.Text))}");
                    break;
                case RunEvent.ModelStarted model:
                    running.Add(model.Model);
                    break;
                case RunEvent.ModelFinished model:
                    running.Remove(model.Model);
                    console.MarkupLine(
                        $"  {Markup.Escape(OneLine(model.Model))}: {Markup.Escape(OneLine(model.Summary))} [grey]({Seconds(model.Elapsed)})[/]");
                    break;
                default:
                    // Reasoning and queries are for the debug log.
                    break;
            }

            status.Status = Markup.Escape(OneLine(
                running.Count == 0 ? stage : $"{stage}: {string.Join(", ", running.Take(4))}{(running.Count > 4 ? ", …" : "")}"));
        }
    });
}

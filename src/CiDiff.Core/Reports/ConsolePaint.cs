using System.Diagnostics;

namespace CiDiff.Reports;

/// <summary>What a piece of console text says beside its words.</summary>
public enum ConsoleTone
{
    /// <summary>Nothing more.</summary>
    Plain,

    /// <summary>A heading or a name.</summary>
    Strong,

    /// <summary>Less important.</summary>
    Faint,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warn,

    /// <summary>Failed.</summary>
    Bad,
}

/// <summary>How tones look. The words never depend on it.</summary>
public abstract class ConsolePaint
{
    /// <summary>No colour: for files, pipes, logs and <c>NO_COLOR</c>.</summary>
    public static readonly ConsolePaint None = new NoPaint();

    /// <summary>ANSI escape sequences of the sixteen colours that every terminal theme defines.</summary>
    public static readonly ConsolePaint Ansi = new AnsiPaint();

    /// <summary>The text in its tone. Padding is not painted, so that columns stay aligned.</summary>
    public abstract string Apply(ConsoleTone tone, string text);

    private sealed class NoPaint : ConsolePaint
    {
        public override string Apply(ConsoleTone tone, string text) => text;
    }

    private sealed class AnsiPaint : ConsolePaint
    {
        public override string Apply(ConsoleTone tone, string text) => tone switch
        {
            ConsoleTone.Plain => text,
            _ when text.Length == 0 => text,
            ConsoleTone.Strong => $"\e[1m{text}\e[0m",
            ConsoleTone.Faint => $"\e[2m{text}\e[0m",
            ConsoleTone.Good => $"\e[32m{text}\e[0m",
            ConsoleTone.Warn => $"\e[33m{text}\e[0m",
            ConsoleTone.Bad => $"\e[31m{text}\e[0m",
            _ => throw new UnreachableException(),
        };
    }
}

/// <summary>Where a console report goes.</summary>
public sealed record ConsoleOptions
{
    /// <summary>The terminal's columns; null when there is no terminal: then no line is cut.</summary>
    public int? Width { get; init; }

    /// <summary>How tones look.</summary>
    public ConsolePaint Paint { get; init; } = ConsolePaint.None;

    /// <summary>The folder the report files are in, for the last lines; null for none.</summary>
    public string? ReportDirectory { get; init; }
}

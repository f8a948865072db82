namespace CiDiff;

/// <summary>Something worth telling while a run is under way. Closed: every case is in this file.</summary>
public abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>A stage of the run began, for example "Comparing 12 models".</summary>
    public sealed record StageStarted(string Description) : RunEvent;

    /// <summary>Why something was decided; shown at debug verbosity only.</summary>
    public sealed record Reasoning(string Text) : RunEvent;

    /// <summary>Something is off, but the run goes on.</summary>
    public sealed record Warning(string Text) : RunEvent;

    /// <summary>A query was sent.</summary>
    /// <param name="Model">The model it is for, or a word for the step.</param>
    /// <param name="Sql">The text as sent, but for the values of tables, without secrets by construction.</param>
    public sealed record QueryStarted(string Model, string Sql) : RunEvent;

    /// <summary>A query ended, well or not.</summary>
    public sealed record QueryFinished(string Model, TimeSpan Elapsed) : RunEvent;

    /// <summary>A model's diff began.</summary>
    public sealed record ModelStarted(string Model) : RunEvent;

    /// <summary>A model's diff ended.</summary>
    /// <param name="Model">The model's name.</param>
    /// <param name="Summary">Half a line: "identical", "12 changed, 3 added", "failed: CID4003".</param>
    /// <param name="Elapsed">Wall time.</param>
    public sealed record ModelFinished(string Model, string Summary, TimeSpan Elapsed) : RunEvent;
}

namespace CiDiff.Configuration;

/// <summary>What one place says about a model: an entry of <c>models:</c>, or the model's own meta. Null means that the place says nothing.</summary>
public sealed record ModelSettings
{
    /// <summary>Nothing said.</summary>
    public static readonly ModelSettings None = new();

    /// <summary>The key's columns; never empty.</summary>
    public IReadOnlyList<string>? Key { get; init; }

    /// <summary>An SQL condition for both sides.</summary>
    public ConfiguredSql? Filter { get; init; }

    /// <summary>Only these columns.</summary>
    public IReadOnlyList<string>? IncludeColumns { get; init; }

    /// <summary>Not these columns.</summary>
    public IReadOnlyList<string>? ExcludeColumns { get; init; }

    /// <summary>gitignore patterns of columns, below those of the layers before.</summary>
    public IReadOnlyList<string>? IgnoreColumns { get; init; }

    /// <summary>Tolerances by column, beside those of the layers before.</summary>
    public IReadOnlyDictionary<string, Tolerance>? Tolerance { get; init; }

    /// <summary>How rows are compared.</summary>
    public DiffStrategy? Strategy { get; init; }

    /// <summary>Which part of the rows is read.</summary>
    public Sampling? Sampling { get; init; }

    /// <summary>How many example rows of each kind are read.</summary>
    public int? Samples { get; init; }

    /// <summary>The longest one statement may take.</summary>
    public TimeLimit? Timeout { get; init; }

    /// <summary>The longest the model may take.</summary>
    public TimeLimit? TimeBudget { get; init; }

    /// <summary>What becomes of it when it takes longer.</summary>
    public OverBudget? OverBudget { get; init; }

    /// <summary>Whether it is looked for where changed rows are concentrated.</summary>
    public bool? Attribution { get; init; }

    /// <summary>Whether the values of each column are looked at.</summary>
    public bool? ColumnProfiles { get; init; }

    /// <summary>Never compared.</summary>
    public bool? NeverDiff { get; init; }

    /// <summary>Compared whenever downstream of a change.</summary>
    public bool? DiffWhenDownstream { get; init; }

    /// <summary>Rules, beside those of the layers before.</summary>
    public RuleSet Rules { get; init; } = RuleSet.Empty;

    /// <summary>What the change is expected to do, beside what the layers before expect.</summary>
    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary>The column that says when a row happened.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>The column that limits the comparison to the time that both sides have.</summary>
    public string? EventTime { get; init; }

    /// <summary>Columns that changed their names.</summary>
    public IReadOnlyList<ColumnRename>? Renames { get; init; }

    /// <summary>The points in time at which the tables are to be read, as written.</summary>
    public Sides<string?> TimeTravel { get; init; } = new(null, null);

    /// <summary>These settings over others: what these say holds, what they leave open is taken from <paramref name="lower"/>. Patterns,
    /// tolerances, rules, expectations and renames add up; the later one wins where both name the same thing.</summary>
    public ModelSettings Over(ModelSettings lower) => new()
    {
        Key = Key ?? lower.Key,
        Filter = Filter ?? lower.Filter,
        IncludeColumns = IncludeColumns ?? lower.IncludeColumns,
        ExcludeColumns = ExcludeColumns ?? lower.ExcludeColumns,
        IgnoreColumns = IgnoreColumns is null ? lower.IgnoreColumns : [.. lower.IgnoreColumns ?? [], .. IgnoreColumns],
        Tolerance = Tolerance is null || lower.Tolerance is null ? Tolerance ?? lower.Tolerance : Merged(lower.Tolerance, Tolerance),
        Strategy = Strategy ?? lower.Strategy,
        Sampling = Sampling ?? lower.Sampling,
        Samples = Samples ?? lower.Samples,
        Timeout = Timeout ?? lower.Timeout,
        TimeBudget = TimeBudget ?? lower.TimeBudget,
        OverBudget = OverBudget ?? lower.OverBudget,
        Attribution = Attribution ?? lower.Attribution,
        ColumnProfiles = ColumnProfiles ?? lower.ColumnProfiles,
        NeverDiff = NeverDiff ?? lower.NeverDiff,
        DiffWhenDownstream = DiffWhenDownstream ?? lower.DiffWhenDownstream,
        Rules = lower.Rules.With(Rules),
        Expectations = [.. lower.Expectations, .. Expectations],
        TimeColumn = TimeColumn ?? lower.TimeColumn,
        EventTime = EventTime ?? lower.EventTime,
        Renames = Renames is null ? lower.Renames : ColumnRename.Merge(lower.Renames ?? [], Renames),
        TimeTravel = new Sides<string?>(TimeTravel.Base ?? lower.TimeTravel.Base, TimeTravel.Head ?? lower.TimeTravel.Head),
    };

    private static Dictionary<string, Tolerance> Merged(
        IReadOnlyDictionary<string, Tolerance> lower,
        IReadOnlyDictionary<string, Tolerance> upper)
    {
        var merged = new Dictionary<string, Tolerance>(lower, StringComparer.OrdinalIgnoreCase);
        foreach (var (column, tolerance) in upper)
        {
            merged[column] = tolerance;
        }

        return merged;
    }
}

/// <summary>A limit of time that can also be lifted.</summary>
/// <param name="Limit">Null for no limit.</param>
public sealed record TimeLimit(TimeSpan? Limit);

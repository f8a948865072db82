namespace CiDiff.Configuration;

/// <summary>How far two values may be apart and still count as equal.</summary>
/// <param name="Amount">0 or more; a fraction for <see cref="ToleranceMode.Relative"/> (0.01 is 1 %), in the column's unit for
/// <see cref="ToleranceMode.Absolute"/>, seconds for timestamps and for <see cref="ToleranceMode.Time"/>; 0 for no distance at all.</param>
/// <param name="Mode">What the amount is measured in.</param>
public sealed record Tolerance(decimal Amount, ToleranceMode Mode)
{
    /// <summary>Nothing is let pass.</summary>
    public static readonly Tolerance Exact = new(0, ToleranceMode.Absolute);

    /// <summary>What about the values is not looked at.</summary>
    public ValueAspects Ignores { get; init; }

    /// <summary>The unit that timestamps are cut down to before they are compared; null for all their digits.</summary>
    public TimePrecision? Precision { get; init; }
}

/// <summary>What a tolerance is measured in.</summary>
public enum ToleranceMode
{
    /// <summary>|base - head| is at most the amount.</summary>
    Absolute,

    /// <summary>|base - head| is at most the amount times the larger magnitude of the two, so that it is symmetric and defined at
    /// zero.</summary>
    Relative,

    /// <summary>As <see cref="Absolute"/>, but written as a time: numbers are no such distance apart.</summary>
    Time,
}

/// <summary>Something about a value that can be left out of a comparison.</summary>
[Flags]
public enum ValueAspects
{
    /// <summary>Nothing is left out.</summary>
    None = 0,

    /// <summary>Upper and lower case of text.</summary>
    Case = 1,

    /// <summary>Spaces at the end of text.</summary>
    TrailingSpaces = 2,

    /// <summary>Whether a text is null or empty.</summary>
    NullOrEmpty = 4,

    /// <summary>How a JSON value in a text column is written: blanks, and the order of keys.</summary>
    JsonSpelling = 8,

    /// <summary>The order of an array's elements.</summary>
    ArrayOrder = 16,
}

/// <summary>A unit that timestamps are cut down to.</summary>
public enum TimePrecision
{
    /// <summary>Milliseconds.</summary>
    Millisecond,

    /// <summary>Seconds.</summary>
    Second,

    /// <summary>Minutes.</summary>
    Minute,

    /// <summary>Hours.</summary>
    Hour,

    /// <summary>Days, in UTC.</summary>
    Day,
}

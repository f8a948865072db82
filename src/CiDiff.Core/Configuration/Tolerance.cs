namespace CiDiff.Configuration;

/// <summary>How far two values may be apart and still count as equal.</summary>
/// <param name="Amount">0 or more; a fraction for <see cref="ToleranceMode.Relative"/> (0.01 is 1 %), in the column's unit for
/// <see cref="ToleranceMode.Absolute"/>, seconds for timestamps.</param>
/// <param name="Mode">What the amount is measured in.</param>
public sealed record Tolerance(decimal Amount, ToleranceMode Mode);

/// <summary>What a tolerance is measured in.</summary>
public enum ToleranceMode
{
    /// <summary>|base - head| is at most the amount.</summary>
    Absolute,

    /// <summary>|base - head| is at most the amount times the larger magnitude of the two, so that it is symmetric and defined at
    /// zero.</summary>
    Relative,
}

using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Where the changed rows of a model are concentrated.</summary>
/// <param name="ChangedRows">How many changed rows were looked at; never 0.</param>
/// <param name="IsEstimate">Not all changed rows were looked at, or not all of base's: every share is an estimate.</param>
/// <param name="Concentrations">The most telling first; empty when the changed rows are spread as all rows are.</param>
public sealed record Attribution(long ChangedRows, bool IsEstimate, IReadOnlyList<Concentration> Concentrations);

/// <summary>A value, or a bucket of time, that changed rows have more often than other rows.</summary>
/// <param name="Column">The column, by its name in head. The value is base's.</param>
/// <param name="Unit">How long the bucket of time is; null for a value.</param>
/// <param name="Value">The value as text, or the name of the bucket; null is SQL's null, and nothing when <paramref name="IsHidden"/>.</param>
/// <param name="Share">0 to 1, of the changed rows.</param>
/// <param name="BaseShare">0 to 1, of base's rows.</param>
/// <param name="IsHidden">The value may not be told.</param>
public sealed record Concentration(ColumnName Column, TimeUnit? Unit, string? Value, double Share, double BaseShare, bool IsHidden = false)
{
    /// <summary>How many times as frequent it is among changed rows as in base.</summary>
    public double Lift => Share / BaseShare;
}

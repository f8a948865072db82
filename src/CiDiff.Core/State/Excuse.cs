namespace CiDiff.State;

/// <summary>Differences that dbt sees and nobody made.</summary>
/// <param name="Differences">Which.</param>
/// <param name="Text">Why they are there, in sentences.</param>
internal sealed record Excuse(NodeDifference Differences, string Text);

using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>A change that breaks what a model's enforced contract promised.</summary>
/// <param name="Model">The model; of base when it is gone from head.</param>
/// <param name="IsVersioned">dbt refuses the whole selection when the model has a version
/// (<c>ContractBreakingChangeError</c>), and only warns when it has none.</param>
/// <param name="Breaks">What was broken, as short sentences without a period; at least one.</param>
public sealed record BreakingContract(UniqueId Model, bool IsVersioned, IReadOnlyList<string> Breaks);

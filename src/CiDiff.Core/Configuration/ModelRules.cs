using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>Everything configured about one model, all layers merged: defaults, <c>cidiff.yml</c>, its <c>models:</c> entries,
/// <c>meta.datafold.datadiff</c>, <c>meta.cidiff</c>; later wins.</summary>
public sealed record ModelRules
{
    /// <summary>How its tables are compared.</summary>
    public CompareRules Compare { get; init; } = new();

    /// <summary>Never compared, whatever changed.</summary>
    public bool NeverDiff { get; init; }

    /// <summary>Compared whenever it is downstream of a change, Slim Diff or not.</summary>
    public bool DiffWhenDownstream { get; init; }

    /// <summary>The key somebody named for it, as written; null when the key is to be inferred.</summary>
    public IReadOnlyList<string>? Key { get; init; }

    /// <summary>The rules it is judged by, the run's rules included.</summary>
    public RuleSet Rules { get; init; } = RuleSet.Defaults;

    /// <summary>What the model's meta and the commits expect of it, in the order in which they were declared.</summary>
    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary>What in the model's own configuration cannot be understood; null when all of it is. Such a model fails when its turn
    /// comes, and it alone.</summary>
    public UserErrorException? Problem { get; init; }
}

using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>What differs between production's manifest and the pull request's: dbt's answer, node by node, and the reasons.</summary>
/// <remarks>dbt pairs resources by unique id, and looks only at those of head that are enabled. What is gone, disabled, renamed or
/// changed in comments only is told beyond it.</remarks>
public sealed record StateComparison
{
    /// <summary>What was compared.</summary>
    public required Sides<Manifest> Manifests { get; init; }

    /// <summary>Every enabled resource of head, and every enabled resource of base that head has deleted or disabled.</summary>
    public required IReadOnlyDictionary<UniqueId, NodeChange> Changes { get; init; }

    /// <summary>Macros that were added, changed or removed, whether anything reaches them or not; in id order.</summary>
    public required IReadOnlyList<UniqueId> ChangedMacros { get; init; }

    /// <summary>Changes that break an enforced contract, in order of the model's id. dbt refuses to answer at all when one of them is
    /// versioned; here they are notes.</summary>
    public required IReadOnlyList<BreakingContract> BreakingContracts { get; init; }

    /// <summary>Compares two manifests.</summary>
    /// <exception cref="Errors.UserErrorException">They are of different projects.</exception>
    public static StateComparison Compare(Sides<Manifest> manifests)
    {
        ManifestReader.RequireSameProject(manifests);
        return new StateComparer(manifests).Compare();
    }

    /// <summary>What dbt's <c>state:</c> method gives for a name, in id order.</summary>
    /// <param name="selector">The part after the colon: one of <see cref="StateSelectors.All"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">dbt has no such selector.</exception>
    public IReadOnlyList<UniqueId> Select(string selector)
    {
        var isMatch = StateSelectors.Find(selector) ?? throw new ArgumentOutOfRangeException(nameof(selector), selector, "no state selector");
        return [.. from change in Changes.Values where isMatch(change) orderby change.Id select change.Id];
    }
}

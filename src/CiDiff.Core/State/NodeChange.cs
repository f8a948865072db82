using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>What became of a resource between two manifests.</summary>
public enum ChangeKind
{
    /// <summary>In both, and not <c>state:modified</c>.</summary>
    Unmodified,

    /// <summary>In both, and <c>state:modified</c>.</summary>
    Modified,

    /// <summary>Only in head.</summary>
    New,

    /// <summary>Only in base.</summary>
    Deleted,

    /// <summary>In base, and disabled in head.</summary>
    Disabled,
}

/// <summary>What is different about a resource. The first six are dbt's sub-selectors.</summary>
public enum ChangeReason
{
    /// <summary>The code or the seed's content.</summary>
    Body,

    /// <summary>The configuration as written.</summary>
    Configs,

    /// <summary>The configured database, schema or alias.</summary>
    Relation,

    /// <summary>A description that dbt persists in the warehouse.</summary>
    PersistedDescriptions,

    /// <summary>A macro it depends on.</summary>
    Macros,

    /// <summary>The contract.</summary>
    Contract,

    /// <summary>The file or folder it stands in (its fqn).</summary>
    Path,

    /// <summary>latest_version, access or deprecation_date.</summary>
    Reference,

    /// <summary>Something else dbt compares for this kind of resource, such as an exposure's owner.</summary>
    Definition,
}

/// <summary>One resource's answer.</summary>
public sealed record NodeChange
{
    /// <summary>Which resource.</summary>
    public required UniqueId Id { get; init; }

    /// <summary>What became of it, as dbt's <c>state:modified</c> and <c>state:new</c> answer.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>Whether dbt's <c>state:modified</c> lists it. Most new resources are; new sources, exposures, metrics, semantic models and
    /// saved queries are only when a macro they use changed.</summary>
    public bool IsStateModified { get; init; }

    /// <summary>What is different between its two versions, in enum order; empty when nothing is, and when there is one version only.
    /// An unmodified resource can have differences that dbt does not count: the generated code of a generic test.</summary>
    public IReadOnlyList<ChangeReason> Changes { get; init; } = [];

    /// <summary>The config keys that differ, sorted; database, schema and alias among them when the configured relation does.</summary>
    public IReadOnlyList<string> ConfigKeys { get; init; } = [];

    /// <summary>Other keys that differ, as the manifest names them (<c>latest_version</c>, <c>owner</c>, <c>freshness</c>, …): those behind
    /// <see cref="ChangeReason.Reference"/> and <see cref="ChangeReason.Definition"/>. The content of a unit test is <c>checksum</c>.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Names of dbt's sub-selectors that list it (<c>body</c>, <c>configs</c>, …): not the same as
    /// <see cref="Changes"/>, since a new node is in nearly all of them.</summary>
    public IReadOnlyList<string> SubSelectors { get; init; } = [];

    /// <summary>Changed, added or removed macros it reaches, in id order.</summary>
    public IReadOnlyList<UniqueId> Macros { get; init; } = [];

    /// <summary>Only comments, whitespace or keyword case changed in its SQL, and nothing else that was not excused as in
    /// <see cref="FalsePositive"/>. Never for Python, and not when in doubt.</summary>
    public bool IsCosmetic { get; init; }

    /// <summary>Modified to dbt, but not really: another target or another version of dbt wrote the same thing differently.
    /// Null when dbt's answer is right.</summary>
    public string? FalsePositive { get; init; }

    /// <summary>A deleted resource's new id, or a new one's old id, when exactly one new and one deleted resource of a kind have the same code
    /// but for comments and white space; null otherwise.</summary>
    public UniqueId? MovedFromOrTo { get; init; }
}

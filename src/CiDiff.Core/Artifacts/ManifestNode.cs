namespace CiDiff.Artifacts;

/// <summary>Where in the manifest a node stands; decides which comparison rules apply to it.</summary>
public enum ManifestSection
{
    /// <summary>Models, seeds, snapshots, tests, analyses, operations.</summary>
    Nodes,

    /// <summary>Sources.</summary>
    Sources,

    /// <summary>Exposures.</summary>
    Exposures,

    /// <summary>Metrics.</summary>
    Metrics,

    /// <summary>Semantic models.</summary>
    SemanticModels,

    /// <summary>Saved queries.</summary>
    SavedQueries,

    /// <summary>Unit tests.</summary>
    UnitTests,

    /// <summary>User-defined functions.</summary>
    Functions,
}

/// <summary>A resource of the project. What is absent in the file is null or empty here; null and absent are the same to dbt, but
/// for the keys inside of configs.</summary>
public sealed record ManifestNode
{
    /// <summary>dbt's name of it.</summary>
    public required UniqueId Id { get; init; }

    /// <summary>Where in the file it stands.</summary>
    public required ManifestSection Section { get; init; }

    /// <summary>As dbt writes it: model, seed, snapshot, test, analysis, operation, source, exposure, metric, semantic_model,
    /// saved_query, unit_test, function.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Its own name, without version.</summary>
    public required string Name { get; init; }

    /// <summary>The package it belongs to.</summary>
    public string PackageName { get; init; } = "";

    /// <summary>File relative to the resource folder.</summary>
    public string Path { get; init; } = "";

    /// <summary>File relative to the project.</summary>
    public string OriginalFilePath { get; init; } = "";

    /// <summary>The YAML file that describes it, behind its package: <c>shop://models/marts.yml</c>; null when there is none.</summary>
    public string? PatchPath { get; init; }

    /// <summary>Package, folders and name.</summary>
    public IReadOnlyList<string> Fqn { get; init; } = [];

    /// <summary>False only when <c>config.enabled</c> is false.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Rendered database; null where the adapter has none.</summary>
    public string? Database { get; init; }

    /// <summary>Rendered schema.</summary>
    public string? Schema { get; init; }

    /// <summary>Rendered name in the warehouse: alias of nodes, identifier of sources.</summary>
    public string? Alias { get; init; }

    /// <summary>The relation's text as dbt wrote it into SQL; null when there is no relation.</summary>
    public string? RelationName { get; init; }

    /// <summary><c>config.materialized</c>: view, table, incremental, ephemeral, seed, snapshot, …</summary>
    public string? Materialized { get; init; }

    /// <summary>sql or python; null when absent.</summary>
    public string? Language { get; init; }

    /// <summary><c>raw_code</c>, or <c>raw_sql</c> before schema v7; empty when absent.</summary>
    public string RawCode { get; init; } = "";

    /// <summary><c>compiled_code</c> (<c>compiled_sql</c>), when it was compiled by that invocation.</summary>
    public string? CompiledCode { get; init; }

    /// <summary>Description; empty when absent.</summary>
    public string Description { get; init; } = "";

    /// <summary>Node tags, in order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Group; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>private, protected or public; null when absent (which means protected).</summary>
    public string? Access { get; init; }

    /// <summary>Model version as text ("2"; 2, 2.0 and "2" are the same); null for an unversioned model.</summary>
    public string? Version { get; init; }

    /// <summary>The version unpinned refs point at, as text.</summary>
    public string? LatestVersion { get; init; }

    /// <summary>As written; null for none.</summary>
    public string? DeprecationDate { get; init; }

    /// <summary>Parents, in file order.</summary>
    public IReadOnlyList<UniqueId> DependsOnNodes { get; init; } = [];

    /// <summary>Macros it uses, in file order; a null in the file (a macro that does not exist) is left out.</summary>
    public IReadOnlyList<UniqueId> DependsOnMacros { get; init; } = [];

    /// <summary>Documented columns in file order; only what YAML documents.</summary>
    public IReadOnlyList<ManifestColumn> Columns { get; init; } = [];

    /// <summary><c>config</c>, rendered.</summary>
    public JsonFragment Config { get; init; }

    /// <summary><c>unrendered_config</c>.</summary>
    public JsonFragment UnrenderedConfig { get; init; }

    /// <summary>Node-level <c>meta</c>. <c>config.meta</c> is to be read first.</summary>
    public JsonFragment Meta { get; init; }

    /// <summary><c>test_metadata</c>: name, namespace, kwargs; missing for singular tests and for everything else.</summary>
    public JsonFragment TestMetadata { get; init; }

    /// <summary>The node a generic test is attached to; null on sources and before schema v10.</summary>
    public UniqueId? AttachedNode { get; init; }

    /// <summary>A generic test's <c>column_name</c>.</summary>
    public string? TestColumnName { get; init; }

    /// <summary>Model-level <c>constraints</c>.</summary>
    public JsonFragment Constraints { get; init; }

    /// <summary>dbt's own guess at the key (1.8+); pools all unique tests, so it is only a hint.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>A source's source name.</summary>
    public string? SourceName { get; init; }

    /// <summary>Other keys that state comparison needs, by their name in the file (checksum, contract, freshness, owner, url, …).
    /// A key that is absent is not in here.</summary>
    public IReadOnlyDictionary<string, JsonFragment> Other { get; init; } = NoFragments;

    private static readonly IReadOnlyDictionary<string, JsonFragment> NoFragments =
        new Dictionary<string, JsonFragment>(StringComparer.Ordinal);
}

/// <summary>A documented column.</summary>
/// <param name="Name">As written in YAML; its case may differ from the warehouse's.</param>
/// <param name="Description">Empty when absent.</param>
/// <param name="DataType">As written; null when absent.</param>
/// <param name="Tags">Column tags, <c>config.tags</c> included.</param>
/// <param name="Meta">Column <c>meta</c>; <c>config.meta</c> where the file has it.</param>
/// <param name="Constraints">Column-level <c>constraints</c>.</param>
public sealed record ManifestColumn(
    string Name,
    string Description,
    string? DataType,
    IReadOnlyList<string> Tags,
    JsonFragment Meta,
    JsonFragment Constraints);

using System.Collections.Frozen;

namespace CiDiff.Artifacts;

/// <summary>The part of a dbt <c>manifest.json</c> that CiDiff reads.</summary>
public sealed record Manifest
{
    /// <summary>Where it came from, for messages: a path or a URL without credentials.</summary>
    public required string Source { get; init; }

    /// <summary>The file's <c>metadata</c>.</summary>
    public required ManifestMetadata Metadata { get; init; }

    /// <summary>Every entry of nodes, sources, exposures, metrics, semantic_models, saved_queries, unit_tests and functions, by
    /// unique id. An entry whose <c>config.enabled</c> is false is in here with <see cref="ManifestNode.IsEnabled"/> false.</summary>
    public required IReadOnlyDictionary<UniqueId, ManifestNode> Nodes { get; init; }

    /// <summary>Every macro, by unique id.</summary>
    public required IReadOnlyDictionary<UniqueId, ManifestMacro> Macros { get; init; }

    /// <summary>The first entry of each list under <c>disabled</c>, by unique id.</summary>
    public required IReadOnlyDictionary<UniqueId, ManifestNode> Disabled { get; init; }

    /// <summary>Owners by group name, as JSON; empty before dbt 1.5.</summary>
    public IReadOnlyDictionary<string, JsonFragment> GroupOwners { get; init; } = FrozenDictionary<string, JsonFragment>.Empty;
}

/// <summary>The <c>metadata</c> of a manifest.</summary>
/// <param name="SchemaVersion">4 to 12, or 20 for Fusion previews.</param>
/// <param name="DbtVersion">For example <c>1.11.14</c>; null when absent.</param>
/// <param name="GeneratedAt">As written (ISO 8601, UTC); null when absent.</param>
/// <param name="ProjectName">Null before schema v10.</param>
/// <param name="ProjectId">md5 of the project's name; null when absent.</param>
/// <param name="AdapterType">For example <c>postgres</c>; null when absent.</param>
/// <param name="InvocationId">The run of dbt that wrote it; null when absent.</param>
/// <param name="Quoting">Which parts of a relation name dbt quotes in this project; null before 1.9.</param>
/// <param name="Environment">Variables named <c>DBT_ENV_CUSTOM_ENV_*</c>, prefix stripped.</param>
public sealed record ManifestMetadata(
    int SchemaVersion,
    string? DbtVersion,
    string? GeneratedAt,
    string? ProjectName,
    string? ProjectId,
    string? AdapterType,
    string? InvocationId,
    QuotingPolicy? Quoting,
    IReadOnlyDictionary<string, string> Environment);

/// <summary>Which parts of a relation name are quoted; decides case folding. Null is the adapter's default.</summary>
public sealed record QuotingPolicy(bool? Database, bool? Schema, bool? Identifier);

/// <summary>A macro.</summary>
/// <param name="Id">For example <c>macro.shop.cents</c>.</param>
/// <param name="Sql">Its <c>macro_sql</c>.</param>
/// <param name="DependsOnMacros">Macros it calls, as far as dbt knows.</param>
public sealed record ManifestMacro(UniqueId Id, string Sql, IReadOnlyList<UniqueId> DependsOnMacros);

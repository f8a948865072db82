namespace CiDiff.Artifacts;

/// <summary>What <c>dbt docs generate</c> found in the warehouse.</summary>
/// <remarks>It holds only what existed when it was made, and only what that command selected.</remarks>
public sealed record Catalog
{
    /// <summary>Where it came from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>As written (ISO 8601, UTC); null when absent.</summary>
    public string? GeneratedAt { get; init; }

    /// <summary>Every table and view of models, seeds, snapshots and sources, by unique id.</summary>
    public required IReadOnlyDictionary<UniqueId, CatalogRelation> Relations { get; init; }

    /// <summary>What dbt could not look up, in its own words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A table or view in a catalog.</summary>
/// <param name="Id">The resource it belongs to; two resources can have the same relation.</param>
/// <param name="Database">As the warehouse spells it; null where it has none.</param>
/// <param name="Schema">As the warehouse spells it.</param>
/// <param name="Name">As the warehouse spells it: upper case in Snowflake.</param>
/// <param name="Kind">The warehouse's own word: <c>BASE TABLE</c>, <c>VIEW</c>, <c>MATERIALIZED VIEW</c>, <c>table</c>, …</param>
/// <param name="Columns">In the warehouse's order.</param>
public sealed record CatalogRelation(
    UniqueId Id, string? Database, string Schema, string Name, string Kind, IReadOnlyList<CatalogColumn> Columns);

/// <summary>A column in a catalog.</summary>
/// <param name="Name">As the warehouse spells it; nested fields are <c>parent.child</c>.</param>
/// <param name="Type">The warehouse's own type, for example <c>character varying(20)</c>.</param>
public sealed record CatalogColumn(string Name, string Type);

using System.Diagnostics;
using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>dbt's comparisons of two versions of a resource, each with its own rule by kind.</summary>
internal sealed class NodeComparer(Sides<Manifest> manifests)
{
    private readonly ContractComparer _contracts = new(manifests);
    private readonly DbtVersion _version = DbtVersion.Of(manifests.Head.Metadata);

    /// <summary>Everything that differs, and the config keys that do.</summary>
    public Result Compare(ManifestNode head, ManifestNode old)
    {
        var difference = NodeDifference.None;
        IReadOnlyList<string> keys = [];
        BreakingContract? breaking = null;
        if (head.Section != ManifestSection.UnitTests)
        {
            keys = DifferingConfigs(head, old);
            difference |= When(keys.Count > 0, NodeDifference.Configs);
        }

        if (head.Section is ManifestSection.Nodes or ManifestSection.Functions)
        {
            (var isSame, breaking) = _contracts.Compare(head, old);
            difference |= When(!isSame, NodeDifference.Contract)
                | When(!HaveSameBody(head, old), NodeDifference.Body)
                | When(!AreConfiguredForSameRelation(head, old), NodeDifference.Relation)
                | When(!HaveSamePersistedDescriptions(head, old), NodeDifference.PersistedDescriptions)
                | When(head.ResourceType == "model" && !AreReferredToAlike(head, old), NodeDifference.Reference);
        }

        if (head.Section is ManifestSection.Nodes or ManifestSection.Functions or ManifestSection.Sources or ManifestSection.Exposures)
        {
            difference |= When(!head.Fqn.SequenceEqual(old.Fqn, StringComparer.Ordinal), NodeDifference.Path);
        }

        difference |= head.Section switch
        {
            ManifestSection.Nodes => NodeDifference.None,
            ManifestSection.Functions => When(!FunctionsAreSame(head, old), NodeDifference.Definition),
            ManifestSection.Sources => When(!SourceRelationsAreSame(head, old), NodeDifference.Relation)
                | When(!SourcesAreSame(head, old), NodeDifference.Definition),
            ManifestSection.Exposures => When(!ExposuresAreSame(head, old), NodeDifference.Definition),
            ManifestSection.Metrics => When(!AreSame(head, old, "type", "description", "label"), NodeDifference.Definition),
            ManifestSection.SemanticModels => When(!SemanticModelsAreSame(head, old), NodeDifference.Definition),
            ManifestSection.SavedQueries => When(!SavedQueriesAreSame(head, old), NodeDifference.Definition),
            ManifestSection.UnitTests => When(!AreSame(head, old, "checksum"), NodeDifference.Definition),
            _ => throw new UnreachableException(),
        };
        return new Result(difference, keys, breaking);
    }

    /// <summary>What is broken by models that are gone.</summary>
    public IEnumerable<BreakingContract> RemovedContracts() => _contracts.Removed();

    private IReadOnlyList<string> DifferingConfigs(ManifestNode head, ManifestNode old)
    {
        if (head.Section is ManifestSection.SemanticModels or ManifestSection.SavedQueries)
        {
            return ConfigComparer.DifferingKeys(head, ConfigComparer.WithDefaults(head), ConfigComparer.WithDefaults(old), _version);
        }

        return head.UnrenderedConfig.Utf8.Span.SequenceEqual(old.UnrenderedConfig.Utf8.Span)
            ? []
            : ConfigComparer.DifferingKeys(
                head, ConfigComparer.Members(head.UnrenderedConfig), ConfigComparer.Members(old.UnrenderedConfig), _version);
    }

    private static bool HaveSameBody(ManifestNode head, ManifestNode old) =>
        head.ResourceType == "seed" ? SeedsAreSame(head, old) : head.RawCode == old.RawCode;

    // Above a size that the project can set, dbt does not read a seed and its path stands for its content.
    private static bool SeedsAreSame(ManifestNode head, ManifestNode old)
    {
        var now = Checksum(head);
        var before = Checksum(old);
        return now.Kind != "none" && now == before;
    }

    private static (string Kind, string? Value) Checksum(ManifestNode node)
    {
        var checksum = Other(node, "checksum").Parse();
        return checksum is { ValueKind: JsonValueKind.String } text
            ? ("sha256", JsonEquality.TextOf(text))
            : (checksum.Member("name")?.ToString() ?? "none", checksum.Member("checksum")?.ToString());
    }

    // As configured, before generate_schema_name and the like: production and a pull request's schema do not differ here.
    private static bool AreConfiguredForSameRelation(ManifestNode head, ManifestNode old)
    {
        if (head.UnrenderedConfig.Utf8.Span.SequenceEqual(old.UnrenderedConfig.Utf8.Span))
        {
            return true;
        }

        return MembersAreSame(head.UnrenderedConfig.Parse(), old.UnrenderedConfig.Parse(), "database", "schema", "alias");
    }

    private static bool HaveSamePersistedDescriptions(ManifestNode head, ManifestNode old)
    {
        var sameDescription = head.Description == old.Description;
        var sameColumns = ReferenceEquals(head.Columns, old.Columns) || ColumnDescriptionsAreSame(head.Columns, old.Columns);
        if (sameDescription && sameColumns)
        {
            return true;
        }

        var persist = head.Config.Parse().Member("persist_docs");
        return (sameDescription || !IsTruthy(persist.Member("relation"))) && (sameColumns || !IsTruthy(persist.Member("columns")));
    }

    private static bool ColumnDescriptionsAreSame(IReadOnlyList<ManifestColumn> head, IReadOnlyList<ManifestColumn> old)
    {
        if (head.Count != old.Count)
        {
            return false;
        }

        var before = old.ToDictionary(column => column.Name, column => column.Description, StringComparer.Ordinal);
        return head.All(column => before.TryGetValue(column.Name, out var description) && description == column.Description);
    }

    private static bool IsTruthy(JsonElement? value) => value switch
    {
        null => false,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } text => JsonEquality.TextOf(text).Length > 0,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble() != 0,
        _ => true,
    };

    private static bool AreReferredToAlike(ManifestNode head, ManifestNode old) =>
        head.LatestVersion == old.LatestVersion
        && head.DeprecationDate == old.DeprecationDate
        && (head.Access ?? "protected") == (old.Access ?? "protected");

    private static bool FunctionsAreSame(ManifestNode head, ManifestNode old) =>
        ListsAreSame(head, old, "arguments") && AreSame(head, old, "returns") && ListsAreSame(head, old, "overloads");

    private bool SourceRelationsAreSame(ManifestNode head, ManifestNode old) =>
        head.Alias == old.Alias
        && (_version >= DbtVersion.ComparesUnrenderedValues
            ? AreSame(head, old, "unrendered_database", "unrendered_schema")
            : head.Database == old.Database && head.Schema == old.Schema);

    private static bool SourcesAreSame(ManifestNode head, ManifestNode old) =>
        AreSame(head, old, "loaded_at_field")
        && MembersAreSame(Other(head, "quoting").Parse(), Other(old, "quoting").Parse(), "database", "schema", "identifier", "column")
        && FreshnessIsSame(Other(head, "freshness"), Other(old, "freshness"))
        && ObjectsAreSame(Other(head, "external"), Other(old, "external"));

    private static bool FreshnessIsSame(JsonFragment head, JsonFragment old)
    {
        if (head.IsMissingOrNull || old.IsMissingOrNull)
        {
            return head.IsMissingOrNull && old.IsMissingOrNull;
        }

        var now = head.Parse();
        var before = old.Parse();
        return MembersAreSame(now, before, "filter")
            && MembersAreSame(now.Member("warn_after"), before.Member("warn_after"), "count", "period")
            && MembersAreSame(now.Member("error_after"), before.Member("error_after"), "count", "period");
    }

    private static bool ExposuresAreSame(ManifestNode head, ManifestNode old) =>
        AreSame(head, old, "type", "maturity", "url", "label")
        && head.Description == old.Description
        && ObjectsAreSame(Other(head, "owner"), Other(old, "owner"))
        && head.DependsOnNodes.ToHashSet().SetEquals(old.DependsOnNodes);

    private static bool SemanticModelsAreSame(ManifestNode head, ManifestNode old) =>
        AreSame(head, old, "model", "description", "defaults", "primary_entity")
        && head.Group == old.Group
        && ListsAreSame(head, old, "entities")
        && ListsAreSame(head, old, "dimensions")
        && ListsAreSame(head, old, "measures");

    private static bool SavedQueriesAreSame(ManifestNode head, ManifestNode old) =>
        AreSame(head, old, "description", "label")
        && head.Group == old.Group
        && head.Tags.SequenceEqual(old.Tags, StringComparer.Ordinal)
        && MembersAreSame(Other(head, "query_params").Parse(), Other(old, "query_params").Parse(), "metrics", "group_by", "where")
        && ExportsAreSame([.. Other(head, "exports").Parse().Items()], [.. Other(old, "exports").Parse().Items()]);

    private static bool ExportsAreSame(IReadOnlyList<JsonElement> head, IReadOnlyList<JsonElement> old) =>
        head.Count == old.Count && head.Zip(old).All(pair =>
            MembersAreSame(pair.First, pair.Second, "name")
            && MembersAreSame(
                pair.First.Member("unrendered_config"), pair.Second.Member("unrendered_config"), "export_as", "schema", "alias"));

    // Absent is null.
    private static bool AreSame(ManifestNode head, ManifestNode old, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!Other(head, key).DeepEqualsOrNull(Other(old, key)))
            {
                return false;
            }
        }

        return true;
    }

    // Absent and null are the empty list.
    private static bool ListsAreSame(ManifestNode head, ManifestNode old, string key)
    {
        var now = Other(head, key);
        var before = Other(old, key);
        return now.DeepEqualsOrNull(before) || (IsEmptyList(now) && IsEmptyList(before));
    }

    private static bool IsEmptyList(JsonFragment list) =>
        list.IsMissingOrNull || (list.Parse() is { ValueKind: JsonValueKind.Array } items && items.GetArrayLength() == 0);

    // Absent is null, and a member that is null is absent.
    private static bool ObjectsAreSame(JsonFragment head, JsonFragment old)
    {
        if (head.IsMissingOrNull || old.IsMissingOrNull)
        {
            return head.IsMissingOrNull && old.IsMissingOrNull;
        }

        var now = head.Parse();
        var before = old.Parse();
        return now.Members().Concat(before.Members()).Select(member => member.Name)
            .All(name => JsonEquality.AreEqual(now.Member(name), before.Member(name)));
    }

    // Absent is null, and so is a member of what is absent itself.
    private static bool MembersAreSame(JsonElement? head, JsonElement? old, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!JsonEquality.AreEqual(head.Member(key), old.Member(key)))
            {
                return false;
            }
        }

        return true;
    }

    private static JsonFragment Other(ManifestNode node, string key) => node.Other.GetValueOrDefault(key);

    private static NodeDifference When(bool condition, NodeDifference difference) => condition ? difference : NodeDifference.None;

    /// <summary>What a comparison found.</summary>
    /// <param name="Difference">Which comparisons fail.</param>
    /// <param name="ConfigKeys">The config keys that differ.</param>
    /// <param name="Breaking">What of its contract the change breaks; null for nothing.</param>
    internal sealed record Result(NodeDifference Difference, IReadOnlyList<string> ConfigKeys, BreakingContract? Breaking);
}

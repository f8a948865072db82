using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>dbt's comparisons of two versions of a resource, each with its own rule by kind.</summary>
internal sealed class NodeComparer(Sides<Manifest> manifests)
{
    private readonly ContractComparer _contracts = new(manifests);
    private readonly ConfigComparer _configs = new(manifests);
    private readonly NodeFields _fields = new(manifests);
    private readonly Lazy<bool> _comparesUnrenderedSources = new(() => Dialects.NotesUnrenderedValues(manifests.Head));

    // One engine against the other: what dbt 2 forgives when it compares.
    private readonly bool _isFusionAgainstCore = Dialects.IsFusionAgainstCore(manifests);

    /// <summary>Everything that differs.</summary>
    public Result Compare(ManifestNode head, ManifestNode old)
    {
        var configs = head.Section == ManifestSection.UnitTests ? ConfigComparer.Result.Same : _configs.Compare(head, old);
        var fields = _fields.Differing(head, old);
        var difference = When(configs.Keys.Count > 0, NodeDifference.Configs)
            | When(fields.Count > 0, head.Section == ManifestSection.Nodes ? NodeDifference.Reference : NodeDifference.Definition);
        BreakingContract? breaking = null;
        switch (head.Section)
        {
            case ManifestSection.Nodes or ManifestSection.Functions:
                (var isSameContract, breaking) = _contracts.Compare(head, old);
                difference |= When(!isSameContract, NodeDifference.Contract)
                    | When(!HaveSameBody(head, old), NodeDifference.Body)
                    | When(configs.RelationKeys.Count > 0, NodeDifference.Relation)
                    | When(!HaveSamePersistedDescriptions(head, old), NodeDifference.PersistedDescriptions)
                    | When(!AreInSamePlace(head.Fqn, old.Fqn), NodeDifference.Path);
                break;
            case ManifestSection.Sources:
                difference |= When(!SourceRelationsAreSame(head, old), NodeDifference.Relation)
                    | When(!AreInSamePlace(head.Fqn, old.Fqn), NodeDifference.Path);
                break;
            case ManifestSection.Exposures:
                difference |= When(!AreInSamePlace(head.Fqn, old.Fqn), NodeDifference.Path);
                break;
        }

        return new Result(difference, configs, fields, breaking, Excuse(head, old, configs));
    }

    /// <summary>What is broken by models that are gone.</summary>
    public IEnumerable<BreakingContract> RemovedContracts() => _contracts.Removed();

    private bool AreInSamePlace(IReadOnlyList<string> head, IReadOnlyList<string> old)
    {
        var common = Math.Min(head.Count, old.Count);
        return (head.Count == old.Count || _isFusionAgainstCore)
            && head.Take(common).SequenceEqual(old.Take(common), StringComparer.Ordinal);
    }

    private bool HaveSameBody(ManifestNode head, ManifestNode old)
    {
        if (head.ResourceType == "seed")
        {
            return SeedsAreSame(head, old);
        }

        // Some versions of dbt 2 keep the code to themselves.
        const string Placeholder = "--placeholder--";
        return head.RawCode == Placeholder || old.RawCode == Placeholder
            ? Checksum(head) == Checksum(old)
            : head.RawCode == old.RawCode
                || (_isFusionAgainstCore && head.RawCode.AsSpan().Trim().SequenceEqual(old.RawCode.AsSpan().Trim()));
    }

    // Above a size that the project can set, dbt does not read a seed and its path stands for its content.
    private static bool SeedsAreSame(ManifestNode head, ManifestNode old)
    {
        var now = Checksum(head);
        return now.Kind != "none" && now == Checksum(old);
    }

    private static (string Kind, string? Value) Checksum(ManifestNode node)
    {
        var checksum = Json.Of(node, "checksum").Parse();
        return checksum is { ValueKind: JsonValueKind.String } text
            ? ("sha256", text.GetString()!)
            : (checksum.Member("name")?.ToString().ToLowerInvariant() ?? "none", checksum.Member("checksum")?.ToString());
    }

    private bool HaveSamePersistedDescriptions(ManifestNode head, ManifestNode old)
    {
        var sameDescription = _fields.DescriptionsAreSame(head.Description, old.Description);
        var sameColumns = ColumnDescriptionsAreSame(head.Columns, old.Columns);
        if (sameDescription && sameColumns)
        {
            return true;
        }

        var persist = head.Config.Parse().Member("persist_docs");
        return (sameDescription || !IsTruthy(persist.Member("relation"))) && (sameColumns || !IsTruthy(persist.Member("columns")));
    }

    private bool ColumnDescriptionsAreSame(IReadOnlyList<ManifestColumn> head, IReadOnlyList<ManifestColumn> old)
    {
        if (head.Count != old.Count)
        {
            return false;
        }

        // Nearly always in the same order.
        if (head.Zip(old).All(pair => pair.First.Name == pair.Second.Name && _fields.DescriptionsAreSame(pair.First.Description, pair.Second.Description)))
        {
            return true;
        }

        var before = old.ToDictionary(column => column.Name, column => column.Description, StringComparer.Ordinal);
        return head.All(column =>
            before.TryGetValue(column.Name, out var description) && _fields.DescriptionsAreSame(column.Description, description));
    }

    private static bool IsTruthy(JsonElement? value) => value switch
    {
        null => false,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Length > 0,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble() != 0,
        _ => true,
    };

    private bool SourceRelationsAreSame(ManifestNode head, ManifestNode old)
    {
        if (head.Alias != old.Alias)
        {
            return false;
        }

        var areRenderedAlike = head.Database == old.Database && head.Schema == old.Schema;
        if (_isFusionAgainstCore && areRenderedAlike)
        {
            return true;
        }

        // A manifest without the unrendered names must not make two sources the same.
        return _comparesUnrenderedSources.Value && (HasUnrenderedNames(head) || HasUnrenderedNames(old))
            ? Json.Of(head, "unrendered_database").DeepEqualsOrNull(Json.Of(old, "unrendered_database"))
                && Json.Of(head, "unrendered_schema").DeepEqualsOrNull(Json.Of(old, "unrendered_schema"))
            : areRenderedAlike;
    }

    // Sources have their unrendered names since 1.9, and dbt takes that for a change.
    private static Excuse? Excuse(ManifestNode head, ManifestNode old, ConfigComparer.Result configs)
    {
        var areNamesNew = head.Section == ManifestSection.Sources
            && HasUnrenderedNames(head) && !HasUnrenderedNames(old)
            && head.Alias == old.Alias && head.Database == old.Database && head.Schema == old.Schema;
        const string NewNames = "Unrendered names of sources are noted since dbt 1.9; the rendered names are the same.";
        return (configs.Excuse, areNamesNew) switch
        {
            (null, false) => null,
            (null, true) => new Excuse(NodeDifference.Relation, NewNames),
            ({ } text, true) => new Excuse(NodeDifference.Configs | NodeDifference.Relation, $"{text} {NewNames}"),
            ({ } text, false) => new Excuse(
                head.Section == ManifestSection.Sources ? NodeDifference.Configs : NodeDifference.Configs | NodeDifference.Relation, text),
        };
    }

    private static bool HasUnrenderedNames(ManifestNode source) => source.Other.ContainsKey("unrendered_schema");

    private static NodeDifference When(bool condition, NodeDifference difference) => condition ? difference : NodeDifference.None;

    /// <summary>What a comparison found.</summary>
    /// <param name="Difference">Which comparisons fail.</param>
    /// <param name="Configs">What of the configs differs.</param>
    /// <param name="Fields">Other keys that differ.</param>
    /// <param name="Breaking">What of its contract the change breaks; null for nothing.</param>
    /// <param name="Excuse">Which of the differences nobody made; null for none.</param>
    internal sealed record Result(
        NodeDifference Difference,
        ConfigComparer.Result Configs,
        IReadOnlyList<string> Fields,
        BreakingContract? Breaking,
        Excuse? Excuse);
}

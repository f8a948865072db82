using System.Globalization;
using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>dbt's comparison of model contracts, and its search for changes that break one.</summary>
internal sealed class ContractComparer(Sides<Manifest> manifests)
{
    private static readonly HashSet<string> AllConstraints =
        new(["check", "not_null", "unique", "primary_key", "foreign_key"], StringComparer.Ordinal);

    private readonly bool _isFusionAgainstCore = Dialects.IsFusionAgainstCore(manifests);

    // https://docs.getdbt.com/reference/resource-properties/constraints (read 2026-11): which the platform itself enforces.
    private readonly HashSet<string> _enforced = manifests.Head.Metadata.AdapterType switch
    {
        "redshift" or "snowflake" or "bigquery" => new(["not_null"], StringComparer.Ordinal),
        "databricks" => new(["check", "not_null"], StringComparer.Ordinal),
        "spark" => [],
        _ => AllConstraints,
    };

    /// <summary>Whether dbt calls the contracts the same, and what is broken when it does not; null for nothing.</summary>
    public (bool IsSame, BreakingContract? Breaking) Compare(ManifestNode head, ManifestNode old)
    {
        if (head.ResourceType != "model")
        {
            return (true, null);
        }

        var now = Contract.Of(head);
        var before = Contract.Of(old);
        if (!before.IsEnforced)
        {
            return (!now.IsEnforced, null);
        }

        if (now.IsEnforced && JsonEquality.AreEqual(now.Checksum, before.Checksum))
        {
            return (true, null);
        }

        var breaks = Breaks(head, old, now).ToList();
        if (_isFusionAgainstCore && breaks.Count == 0 && !Breaks(old, head, before).Any())
        {
            return (true, null); // the engines do not compute the same checksum
        }

        return (false, breaks.Count == 0 ? null : new BreakingContract(head.Id, head.Version is not null, breaks));
    }

    /// <summary>What is broken by models that are gone from head or disabled in it.</summary>
    public IEnumerable<BreakingContract> Removed() =>
        from old in manifests.Base.Nodes.Values
        where old.ResourceType == "model"
        let disabled = manifests.Head.Disabled.GetValueOrDefault(old.Id)
        let gone = disabled ?? (manifests.Head.Nodes.ContainsKey(old.Id) ? null : old)
        where gone is not null && Contract.Of(gone).IsEnforced && !IsPastDeprecation(gone)
        select new BreakingContract(
            old.Id,
            gone.Version is not null,
            [disabled is null ? "the model was deleted or renamed" : "the model was disabled"]);

    private IEnumerable<string> Breaks(ManifestNode head, ManifestNode old, Contract now)
    {
        if (!now.IsEnforced)
        {
            yield return "the contract is no longer enforced";
        }

        var columns = head.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var hadConstraint = false;
        foreach (var column in old.Columns)
        {
            var constraints = Constraint.ReadAll(column.Constraints);
            hadConstraint |= constraints.Count > 0;
            if (!columns.TryGetValue(column.Name, out var current))
            {
                yield return $"column '{column.Name}' was removed";
                continue;
            }

            if (column.DataType != current.DataType && BaseType(column.DataType) != BaseType(current.DataType))
            {
                yield return $"column '{column.Name}' changed from {column.DataType ?? "no type"} to {current.DataType ?? "no type"}";
            }

            if (BuildsConstraints(old))
            {
                foreach (var lost in Lost(constraints, Constraint.ReadAll(current.Constraints)))
                {
                    yield return $"column '{column.Name}' lost its {lost.Type} constraint";
                }
            }
        }

        var modelConstraints = Constraint.ReadAll(old.Constraints);
        if (BuildsConstraints(old))
        {
            foreach (var lost in Lost(modelConstraints, Constraint.ReadAll(head.Constraints)))
            {
                yield return $"the model lost its {lost.Type} constraint";
            }

            if (!BuildsConstraints(head) && (hadConstraint || modelConstraints.Count > 0))
            {
                yield return $"constraints do not hold for a {head.Materialized ?? "view"}";
            }
        }
    }

    private IEnumerable<Constraint> Lost(IReadOnlyList<Constraint> before, IReadOnlyList<Constraint> now) =>
        before.Where(constraint => _enforced.Contains(constraint.Type) && !now.Any(constraint.IsSameAs));

    private static bool BuildsConstraints(ManifestNode node) => node.Materialized is "table" or "incremental";

    // varchar(10) and varchar(20) are the same to a contract.
    private static string? BaseType(string? type) => type?.Split('(')[0].Trim().ToLowerInvariant();

    // dbt looks at the clock; head's own time gives the same answer for the same files.
    private bool IsPastDeprecation(ManifestNode node) =>
        DateTimeOffset.TryParse(node.DeprecationDate, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        && DateTimeOffset.TryParse(
            manifests.Head.Metadata.GeneratedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
        && date < now;

    private readonly record struct Contract(bool IsEnforced, JsonElement? Checksum)
    {
        public static Contract Of(ManifestNode node)
        {
            var contract = node.Other.TryGetValue("contract", out var fragment) ? fragment.Parse() : null;
            return new Contract(contract.Member("enforced")?.ValueKind == JsonValueKind.True, contract.Member("checksum"));
        }
    }

    private sealed class Constraint(JsonElement json)
    {
        // An absent key is the same as its default.
        private static readonly Dictionary<string, JsonElement?> Defaults = new(StringComparer.Ordinal)
        {
            ["type"] = null,
            ["name"] = null,
            ["expression"] = null,
            ["to"] = null,
            ["warn_unenforced"] = JsonElement.Parse("true"),
            ["warn_unsupported"] = JsonElement.Parse("true"),
            ["to_columns"] = JsonElement.Parse("[]"),
            ["columns"] = JsonElement.Parse("[]"),
        };

        private readonly JsonElement _json = json;

        public string Type { get; } = json.Member("type")?.ToString() ?? "";

        public static IReadOnlyList<Constraint> ReadAll(JsonFragment fragment) =>
            [.. from item in fragment.Parse().Items() where item.ValueKind == JsonValueKind.Object select new Constraint(item)];

        public bool IsSameAs(Constraint other) => Defaults.All(member => JsonEquality.AreEqual(
            _json.Member(member.Key) ?? member.Value, other._json.Member(member.Key) ?? member.Value));
    }
}

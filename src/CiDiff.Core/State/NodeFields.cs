using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>dbt's comparisons of what is beside code and configs: of each kind of resource some keys of its own.</summary>
internal sealed class NodeFields(Sides<Manifest> manifests)
{
    // One engine against the other: dbt 2 leaves out what is empty.
    private readonly bool _isFusionAgainstCore = Dialects.IsFusionAgainstCore(manifests);

    /// <summary>The keys that differ, as the manifest names them; a unit test's content is <c>checksum</c>.</summary>
    public IReadOnlyList<string> Differing(ManifestNode head, ManifestNode old)
    {
        var differing = new Differences(head, old, _isFusionAgainstCore);
        switch (head.Section)
        {
            case ManifestSection.Nodes when head.ResourceType == "model":
                differing.AddIf(head.LatestVersion != old.LatestVersion, "latest_version");
                differing.AddIf((head.Access ?? "protected") != (old.Access ?? "protected"), "access");
                differing.AddIf(head.DeprecationDate != old.DeprecationDate, "deprecation_date");
                break;
            case ManifestSection.Functions:
                differing.AddLists("arguments", "overloads");
                differing.AddValues("returns");
                break;
            case ManifestSection.Sources:
                differing.AddValues("loaded_at_field");
                differing.AddMembers("quoting", "database", "schema", "identifier", "column");
                differing.AddIf(!FreshnessIsSame(head, old), "freshness");
                differing.AddIf(!Json.ObjectsAreSame(Json.Of(head, "external"), Json.Of(old, "external")), "external");
                break;
            case ManifestSection.Exposures:
                differing.AddValues("type", "maturity", "url", "label");
                differing.AddIf(!DescriptionsAreSame(head.Description, old.Description), "description");
                differing.AddIf(!Json.ObjectsAreSame(Json.Of(head, "owner"), Json.Of(old, "owner")), "owner");
                differing.AddIf(!head.DependsOnNodes.ToHashSet().SetEquals(old.DependsOnNodes), "depends_on");
                break;
            case ManifestSection.Metrics:
                differing.AddValues("type", "description", "label");
                break;
            case ManifestSection.SemanticModels:
                differing.AddValues("model", "description", "defaults", "primary_entity");
                differing.AddLists("entities", "dimensions", "measures");
                differing.AddIf(head.Group != old.Group, "group");
                break;
            case ManifestSection.SavedQueries:
                differing.AddValues("description", "label");
                differing.AddIf(head.Group != old.Group, "group");
                differing.AddIf(!head.Tags.SequenceEqual(old.Tags, StringComparer.Ordinal), "tags");
                differing.AddMembers("query_params", "metrics", "group_by", "where");
                differing.AddIf(!ExportsAreSame(head, old), "exports");
                break;
            case ManifestSection.UnitTests when !_isFusionAgainstCore: // the engines do not compute the same checksum
                differing.AddValues("checksum");
                break;
        }

        return differing.Keys;
    }

    /// <summary>Whether two descriptions are the same; to dbt 2, white space and the form of quotes do not matter.</summary>
    public bool DescriptionsAreSame(string head, string old) => head == old || (_isFusionAgainstCore && Plain(head) == Plain(old));

    private static string Plain(string text) => string.Concat(
        from sign in text where !char.IsWhiteSpace(sign) select sign switch { '‘' or '’' => '\'', '“' or '”' => '"', _ => sign });

    // Two limits of which one is written out with nothing in it are the same.
    private static bool FreshnessIsSame(ManifestNode head, ManifestNode old)
    {
        var now = Json.Of(head, "freshness");
        var before = Json.Of(old, "freshness");
        if (now.IsMissingOrNull || before.IsMissingOrNull)
        {
            return now.IsMissingOrNull && before.IsMissingOrNull;
        }

        var (limits, limitsBefore) = (now.Parse(), before.Parse());
        return Json.MembersAreSame(limits, limitsBefore, "filter")
            && Json.MembersAreSame(limits.Member("warn_after"), limitsBefore.Member("warn_after"), "count", "period")
            && Json.MembersAreSame(limits.Member("error_after"), limitsBefore.Member("error_after"), "count", "period");
    }

    private static bool ExportsAreSame(ManifestNode head, ManifestNode old)
    {
        var now = Json.Of(head, "exports").Parse().Items().ToList();
        var before = Json.Of(old, "exports").Parse().Items().ToList();
        return now.Count == before.Count && now.Zip(before).All(pair =>
            Json.MembersAreSame(pair.First, pair.Second, "name")
            && Json.MembersAreSame(
                pair.First.Member("unrendered_config"), pair.Second.Member("unrendered_config"), "export_as", "schema", "alias"));
    }

    private sealed class Differences(ManifestNode head, ManifestNode old, bool isEmptyNull)
    {
        private List<string>? _keys;

        public IReadOnlyList<string> Keys => _keys ?? [];

        public void AddIf(bool differs, string key)
        {
            if (differs)
            {
                (_keys ??= []).Add(key);
            }
        }

        // Absent is null, and to dbt 2 so is what is empty.
        public void AddValues(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                var (now, before) = (Json.Of(head, key), Json.Of(old, key));
                AddIf(!now.DeepEqualsOrNull(before) && !(isEmptyNull && Json.IsEmpty(now) && Json.IsEmpty(before)), key);
            }
        }

        // Absent and null are the empty list.
        public void AddLists(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                var (now, before) = (Json.Of(head, key), Json.Of(old, key));
                AddIf(!now.DeepEqualsOrNull(before) && !(Json.IsEmpty(now) && Json.IsEmpty(before)), key);
            }
        }

        public void AddMembers(string key, params ReadOnlySpan<string> members)
        {
            var (now, before) = (Json.Of(head, key), Json.Of(old, key));
            AddIf(!now.DeepEqualsOrNull(before) && !Json.MembersAreSame(now.Parse(), before.Parse(), members), key);
        }
    }
}

using System.Text.RegularExpressions;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>The enabled generic tests of each resource.</summary>
internal sealed partial class TestIndex
{
    private readonly ILookup<UniqueId, ManifestNode> _tests;

    /// <summary>Finds out what each test of a manifest tests.</summary>
    public TestIndex(Manifest manifest) => _tests =
        (from test in manifest.Nodes.Values
         where test.IsEnabled && test.IsGenericTest()
         let target = TargetOf(test, manifest)
         where target is not null
         orderby test.Id
         select (Target: target.Value, Test: test))
        .ToLookup(pair => pair.Target, pair => pair.Test);

    /// <summary>The tests of a resource, in the order of their ids.</summary>
    public IEnumerable<ManifestNode> Of(UniqueId id) => _tests[id];

    // Manifests before schema v10 do not say which of the nodes that a test depends on is the one it tests, but for the text
    // "{{ get_where_subquery(ref('orders')) }}" among its arguments.
    private static UniqueId? TargetOf(ManifestNode test, Manifest manifest)
    {
        if (test.AttachedNode is not null || test.DependsOnNodes.Count <= 1)
        {
            return test.AttachedNode ?? test.DependsOnNodes.Cast<UniqueId?>().FirstOrDefault();
        }

        var model = test.TestMetadata.Parse().Member("kwargs").Member("model")?.ToString() ?? "";
        var names = QuotedText().Matches(model).Select(match => match.Groups[1].Value).ToArray();
        return test.DependsOnNodes
            .Where(id => manifest.Nodes.TryGetValue(id, out var node) && names.Contains(node.Name))
            .Cast<UniqueId?>()
            .FirstOrDefault() ?? test.DependsOnNodes[^1];
    }

    [GeneratedRegex("""['"]([^'"]+)['"]""")]
    private static partial Regex QuotedText();
}

using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>Selected models by hand.</summary>
internal static class Models
{
    public static SelectedModel Selected(string name, RelationName? ofBase, RelationName? ofHead, IReadOnlyList<string>? key = null, CompareRules? rules = null)
    {
        var id = new UniqueId($"model.shop.{name}");
        return new SelectedModel
        {
            Id = id,
            Name = name,
            ResourceType = "model",
            Path = $"models/{name}.sql",
            Change = new NodeChange { Id = id, Kind = ofBase is null ? ChangeKind.New : ChangeKind.Modified },
            Reason = "a test",
            Relations = new Sides<RelationName?>(ofBase, ofHead),
            KeyCandidates = key is null ? [] : [new KeyCandidate(key, KeySource.Explicit)],
            Rules = rules ?? new CompareRules(),
        };
    }
}

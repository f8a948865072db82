namespace CiDiff.State;

/// <summary>The names that dbt's <c>state:</c> method takes.</summary>
public static class StateSelectors
{
    /// <summary>All names: new, old, modified, unmodified, and the sub-selectors of modified.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "new", "old", "modified", "modified.body", "modified.configs", "modified.relation", "modified.persisted_descriptions",
        "modified.macros", "modified.contract", "unmodified",
    ];

    /// <summary>Whether a change is listed by a selector, for a name of <see cref="All"/>; null for every other name.</summary>
    public static Func<NodeChange, bool>? Find(string name)
    {
        const string Prefix = "modified.";
        return name switch
        {
            "new" => change => change.Kind == ChangeKind.New,
            "old" => change => change.Kind is ChangeKind.Modified or ChangeKind.Unmodified,
            "modified" => change => change.IsStateModified,
            "unmodified" => change => !change.IsStateModified && change.Kind is not (ChangeKind.Deleted or ChangeKind.Disabled),
            _ when All.Contains(name) => change => change.SubSelectors.Contains(name[Prefix.Length..]),
            _ => null,
        };
    }
}

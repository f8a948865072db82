using System.Diagnostics;

namespace CiDiff.State;

/// <summary>The words for what changed, the same in every output.</summary>
public static class StateWords
{
    /// <summary>dbt's name of the sub-selector where it has one.</summary>
    public static string Of(ChangeReason reason) => reason switch
    {
        ChangeReason.Body => "body",
        ChangeReason.Configs => "configs",
        ChangeReason.Relation => "relation",
        ChangeReason.PersistedDescriptions => "persisted_descriptions",
        ChangeReason.Macros => "macros",
        ChangeReason.Contract => "contract",
        ChangeReason.Path => "path",
        ChangeReason.Reference => "reference",
        ChangeReason.Definition => "definition",
        _ => throw new UnreachableException(),
    };

    /// <summary>new, modified, unmodified, deleted or disabled.</summary>
    public static string Of(ChangeKind kind) => kind switch
    {
        ChangeKind.Unmodified => "unmodified",
        ChangeKind.Modified => "modified",
        ChangeKind.New => "new",
        ChangeKind.Deleted => "deleted",
        ChangeKind.Disabled => "disabled",
        _ => throw new UnreachableException(),
    };
}

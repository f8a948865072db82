namespace CiDiff.State;

/// <summary>Which of dbt's comparisons of a resource fail.</summary>
[Flags]
internal enum NodeDifference
{
    None = 0,
    Body = 1 << ChangeReason.Body,
    Configs = 1 << ChangeReason.Configs,
    Relation = 1 << ChangeReason.Relation,
    PersistedDescriptions = 1 << ChangeReason.PersistedDescriptions,
    Macros = 1 << ChangeReason.Macros,
    Contract = 1 << ChangeReason.Contract,
    Path = 1 << ChangeReason.Path,
    Reference = 1 << ChangeReason.Reference,
    Definition = 1 << ChangeReason.Definition,
}

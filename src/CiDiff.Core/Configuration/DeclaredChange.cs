namespace CiDiff.Configuration;

/// <summary>A model by the names that people use for it.</summary>
/// <param name="Id">dbt's unique id.</param>
/// <param name="Names">Its name, with and without the version, and the name of its table or view where that is another.</param>
public sealed record ModelIdentity(string Id, IReadOnlyList<string> Names);

/// <summary>What the author of a change declares about it outside of the project's files: in commit messages.</summary>
/// <param name="Expectations">In the order in which they were written.</param>
/// <param name="RenamesIn">Renamed columns, model by model.</param>
public sealed record DeclaredChange(IReadOnlyList<Expectation> Expectations, Func<ModelIdentity, IReadOnlyList<ColumnRename>> RenamesIn)
{
    /// <summary>Nothing.</summary>
    public static readonly DeclaredChange None = new([], _ => []);
}

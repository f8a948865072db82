namespace CiDiff.Selection;

/// <summary>How a list of resources is written: the formats of <c>dbt ls --output</c>, and ids.</summary>
public enum LsFormat
{
    /// <summary>What <c>dbt ls --select</c> would take to name just this resource. dbt's default.</summary>
    Selector,

    /// <summary>The name: with the version of a versioned model, and with its source for a table of a source.</summary>
    Name,

    /// <summary>The file, relative to the project.</summary>
    Path,

    /// <summary>A JSON object a line, with dbt's default keys.</summary>
    Json,

    /// <summary>dbt's unique id.</summary>
    UniqueId,
}

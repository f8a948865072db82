namespace CiDiff;

/// <summary>What of the cells' values a report may show.</summary>
public enum ValuePrivacy
{
    /// <summary>No value at all.</summary>
    None,

    /// <summary>Key values only.</summary>
    Keys,

    /// <summary>All but columns marked as pii.</summary>
    Full,
}

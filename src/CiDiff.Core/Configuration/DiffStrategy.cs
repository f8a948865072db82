namespace CiDiff.Configuration;

/// <summary>How the rows of two tables are compared. Every strategy gives the same answer; they differ in what they cost.</summary>
public enum DiffStrategy
{
    /// <summary>Whichever is best for the tables at hand. Only asked for, never an answer.</summary>
    Auto,

    /// <summary>One full outer join on the key. No hash decides anything.</summary>
    Join,

    /// <summary>Both sides are scanned once for hashes; a join reads only what they do not prove equal.</summary>
    Fingerprint,

    /// <summary>Hashes over texts that are the same in every engine, for sides in different databases.</summary>
    Hash,

    /// <summary>Whole rows counted as multisets, because there is no key. Never asked for.</summary>
    Keyless,
}

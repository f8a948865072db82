namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>No manifest was found at the given place.</summary>
    public static readonly ErrorCode ManifestNotFound = new("CID2001", "Manifest not found");

    /// <summary>A file that should be one of dbt's artifacts is not JSON.</summary>
    public static readonly ErrorCode ArtifactNotJson = new("CID2002", "Artifact is not JSON");

    /// <summary>An artifact ends in the middle.</summary>
    public static readonly ErrorCode ArtifactTruncated = new("CID2003", "Artifact is cut off");

    /// <summary>The file is JSON, but not the one of dbt's artifacts that it should be.</summary>
    public static readonly ErrorCode UnexpectedArtifact = new("CID2004", "Not the expected artifact");

    /// <summary>The manifest was written by a dbt before 1.0.</summary>
    public static readonly ErrorCode ManifestTooOld = new("CID2005", "Manifest too old");

    /// <summary>The manifest has a schema that came after this version of CiDiff.</summary>
    public static readonly ErrorCode ManifestTooNew = new("CID2006", "Manifest too new");

    /// <summary>Base and head are not of the same dbt project.</summary>
    public static readonly ErrorCode DifferentProjects = new("CID2007", "Manifests of different projects");

    /// <summary>An artifact is there but cannot be opened or read.</summary>
    public static readonly ErrorCode ArtifactNotAccessible = new("CID2008", "Artifact cannot be read");

    /// <summary>Both sides are one build.</summary>
    public static readonly ErrorCode SameManifest = new("CID2009", "Base and head are the same manifest");
}

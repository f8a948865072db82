using System.Runtime.CompilerServices;

namespace CiDiff.Tests.Support;

/// <summary>Where the sources of this repository are, for tests about the sources and for golden files.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>CiDiff.sln</c>.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    /// <summary>A path below the root.</summary>
    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Here([CallerFilePath] string path = "") => path;
}

using System.Collections.Concurrent;
using System.IO.Compression;
using CiDiff.Artifacts;

namespace CiDiff.Tests.Support;

/// <summary>The files that real dbt made; <c>Fixtures/README.md</c> says how.</summary>
internal static class Fixture
{
    private static readonly ConcurrentDictionary<string, Lazy<Manifest>> Manifests = new(StringComparer.Ordinal);

    /// <summary>A path below <c>Fixtures</c>.</summary>
    public static string PathTo(string path) => Repository.PathTo("tests", "CiDiff.Tests", "Fixtures", path);

    /// <summary>Opens a file, unpacking it when it is kept as <c>.gz</c>.</summary>
    public static Stream Open(string path)
    {
        var plain = PathTo(path);
        return File.Exists(plain) ? File.OpenRead(plain) : new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
    }

    /// <summary>The whole text of a file.</summary>
    public static string Text(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a file that are not empty, sorted.</summary>
    public static IReadOnlyList<string> Lines(string path) =>
        [.. Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>A manifest, read once for all tests.</summary>
    public static Manifest Manifest(string path) => Manifests.GetOrAdd(path, _ => new Lazy<Manifest>(() =>
    {
        using var stream = Open(path);
        return ManifestReader.Read(stream, path, ManifestReadOptions.Default, new SharedText(), CancellationToken.None);
    })).Value;

    /// <summary>Two manifests.</summary>
    public static Sides<Manifest> Pair(string @base, string head) => new(Manifest(@base), Manifest(head));
}

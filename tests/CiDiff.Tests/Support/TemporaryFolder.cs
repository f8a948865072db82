namespace CiDiff.Tests.Support;

/// <summary>An empty folder of its own, gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("cidiff-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

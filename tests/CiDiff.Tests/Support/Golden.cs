namespace CiDiff.Tests.Support;

/// <summary>Whole outputs kept in files below <c>Golden</c>, to be read by a human in review.</summary>
internal static class Golden
{
    /// <summary>Asks for golden files to be written instead of compared.</summary>
    public const string UpdateVariable = "CIDIFF_UPDATE_GOLDEN";

    /// <summary>Fails when the output is not exactly what the file holds; a missing file fails too.</summary>
    /// <param name="actual">The output; whatever differs from run to run has been replaced in it.</param>
    /// <param name="parts">The file's place below <c>Golden</c>.</param>
    public static void Matches(string actual, params string[] parts)
    {
        var path = Repository.PathTo(["tests", "CiDiff.Tests", "Golden", .. parts]);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"There is no golden file {path}. Run the tests with {UpdateVariable}=1 and read what it writes.");
        var expected = File.ReadAllText(path);
        if (expected != actual)
        {
            Assert.Fail($"{path} differs from the output, first in line {FirstDifference(expected, actual)}\nAfter a wanted change run the tests with {UpdateVariable}=1 and read the difference.");
        }
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        return $"{line + 1}:\n  golden: {left.ElementAtOrDefault(line) ?? "(no such line)"}\n  output: {right.ElementAtOrDefault(line) ?? "(no such line)"}";
    }
}

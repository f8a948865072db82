using System.Globalization;

namespace CiDiff.Bench;

/// <summary>One comparison of CiDiff with something else, run side by side.</summary>
public interface IBenchmark
{
    /// <summary>As typed on the command line.</summary>
    string Name { get; }

    /// <summary>What is compared with what, and which arguments it takes with their defaults.</summary>
    string Description { get; }

    /// <summary>Runs it and prints a table of medians and ratios.</summary>
    Task RunAsync(BenchArguments arguments);
}

/// <summary>Arguments of the form <c>name=value</c>.</summary>
public sealed class BenchArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Splits at the first <c>=</c>.</summary>
    public static BenchArguments Parse(IEnumerable<string> arguments)
    {
        var parsed = new BenchArguments();
        foreach (var argument in arguments)
        {
            var parts = argument.Split('=', 2);
            parsed._values[parts[0].TrimStart('-')] = parts.Length == 2 ? parts[1] : "true";
        }

        return parsed;
    }

    /// <summary>A number, or its default.</summary>
    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A text, or its default.</summary>
    public string? Text(string name, string? otherwise = null) => _values.GetValueOrDefault(name, otherwise!);
}

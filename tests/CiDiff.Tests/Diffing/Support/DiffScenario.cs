using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.Tests.Support;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>A pair of tables with its answer, from <c>Scenarios</c>, whose README explains the keys.</summary>
internal sealed class DiffScenario
{
    public string Name { get; set; } = "";

    public List<string>? Engines { get; set; }

    public object? Table { get; set; }

    public object? BaseTable { get; set; }

    public object? HeadTable { get; set; }

    public string Base { get; set; } = "";

    public string Head { get; set; } = "";

    public string? Key { get; set; }

    public ScenarioRules Rules { get; set; } = new();

    public object? Answer { get; set; }

    public string? Samples { get; set; }

    public List<string>? Notes { get; set; }

    public double? Score { get; set; }

    public object? Error { get; set; }

    public static IReadOnlyList<DiffScenario> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathTo("tests", "CiDiff.Tests", "Diffing", "Scenarios"), "*.yml")
            .Where(file => !Path.GetFileName(file).StartsWith("values.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(Read<DiffScenario>),
    ];

    public IReadOnlyList<KeyCandidate> Candidates => Key switch
    {
        null => [],
        _ when Key.StartsWith("guess ", StringComparison.Ordinal) => [new KeyCandidate([Key["guess ".Length..]], KeySource.NameGuess)],
        _ => [new KeyCandidate(Key.Split(", "), KeySource.Explicit)],
    };

    public static IReadOnlyList<T> Read<T>(string file) =>
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<List<T>>(File.ReadAllText(file));

    /// <summary>What a key of the file says for one warehouse.</summary>
    public static string? For(object? value, string engine) =>
        value is IDictionary<object, object> byEngine ? byEngine.TryGetValue(engine, out var own) ? (string)own : null : (string?)value;

    public bool IsFor(string engine) => Engines is null || Engines.Contains(engine);

    /// <summary>The statements that make the tables.</summary>
    public string Script(string engine, string table)
    {
        return Side("scenarios_base", BaseTable, Base) + Side("scenarios_head", HeadTable, Head);

        string Side(string schema, object? own, string rows)
        {
            var columns = For(own ?? Table, engine);
            var values = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => $"({row})").ToList();
            return $"create table {schema}.{table} ({columns});\n"
                + (values.Count == 0 ? "" : $"insert into {schema}.{table} values {string.Join(", ", values)};\n");
        }
    }
}

internal sealed class ScenarioRules
{
    public string? Filter { get; set; }

    public List<string>? Include { get; set; }

    public List<string> Exclude { get; set; } = [];

    public List<string> Ignore { get; set; } = [];

    public Dictionary<string, string> Tolerance { get; set; } = [];

    public Dictionary<string, string> Rename { get; set; } = [];

    public int Samples { get; set; } = 10;

    public List<string> NullRate { get; set; } = [];

    public string? EventTime { get; set; }

    public CompareRules ToRules() => new()
    {
        Filter = Filter is null ? null : new ConfiguredSql(Filter, "a test"),
        IncludeColumns = Include,
        ExcludeColumns = Exclude,
        IgnoreColumns = Ignore,
        Tolerances = Tolerance.ToDictionary(
            entry => entry.Key,
            entry => ToleranceText.TryParse(entry.Value) ?? throw new FormatException(entry.Value),
            StringComparer.OrdinalIgnoreCase),
        Renames = [.. Rename.Select(entry => new ColumnRename(entry.Key, entry.Value))],
        Samples = Samples,
        NullRateColumns = NullRate,
        EventTime = EventTime,
    };
}

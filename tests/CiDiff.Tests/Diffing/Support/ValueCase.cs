using CiDiff.Tests.Support;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>Pairs of values of one type, or of two, that are the same or differ to a comparison.</summary>
internal sealed class ValueCase
{
    public string Type { get; set; } = "";

    public List<string> Values { get; set; } = [];

    /// <summary>Whether the types can be matched as keys.</summary>
    public bool Matches { get; set; } = true;

    public IReadOnlyList<(string Base, bool IsSame, string Head)> Pairs =>
        [.. Values.Select(text => text.Split(" == ") is [var a, var b] ? (a, true, b) : text.Split(" <> ") is [var c, var d] ? (c, false, d) : throw new FormatException(text))];

    public static IReadOnlyList<ValueCase> For(string engine) =>
        DiffScenario.Read<ValueCase>(Repository.PathTo("tests", "CiDiff.Tests", "Diffing", "Scenarios", $"values.{engine}.yml"));

    /// <summary>The statements that make the tables: a number and the value.</summary>
    public string Script(string table)
    {
        var types = Type.Split(" > ");
        return Side("scenarios_base", types[0], pair => pair.Base) + Side("scenarios_head", types[^1], pair => pair.Head);

        // One statement a row, so that one row's literal does not decide how the next is read.
        string Side(string schema, string type, Func<(string Base, bool IsSame, string Head), string> value) =>
            $"create table {schema}.{table} (id int, v {type});\n"
            + string.Concat(Pairs.Select((pair, index) => $"insert into {schema}.{table} values ({index}, {value(pair)});\n"));
    }
}

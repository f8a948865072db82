using System.Text;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

public sealed class DuckDbJsonTests
{
    [Theory]
    [InlineData("""{"b":2, "a":1}""", """{"a": 1, "b": 2}""")]
    [InlineData("""{"aa":1,"b":2,"é":3}""", """{"b": 2, "aa": 1, "é": 3}""")]
    [InlineData("""{"x":[{"z":1,"y":null}, [ ]]}""", """{"x": [{"y": null, "z": 1}, []]}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a": 2}""")]
    [InlineData("""{"a\u0062":"\u00e9\n"}""", """{"ab": "é\n"}""")]
    [InlineData("\"\\u0001\\u001f\\\\\\/\\b\\f\\n\\r\\t\\u007f\"", "\"\\u0001\\u001f\\\\/\\b\\f\\n\\r\\t\u007f\"")]
    [InlineData("1.50", "1.5")]
    [InlineData("15e-1", "1.5")]
    [InlineData("1.0", "1")]
    [InlineData("1E2", "100")]
    [InlineData("-0.0", "0")]
    [InlineData("-0.00120", "-0.0012")]
    [InlineData("123456789012345678901234567890.5", "123456789012345678901234567890.5")]
    [InlineData("1e100", "1e100")]
    [InlineData("10e99", "1e100")]
    [InlineData("1e99999999999", "1e99999999999")]
    [InlineData("\"1.0\"", "\"1.0\"")]
    [InlineData(" true ", "true")]
    [InlineData("NaN", "NaN")]
    [InlineData("""{"a": "\ud800"}""", """{"a": "\ud800"}""")]
    public void A_value_has_one_spelling(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(DuckDbJson.Canonical(Encoding.UTF8.GetBytes(json)).Span));

    [Fact]
    public async Task Sessions_know_the_function_and_pass_nulls_and_long_texts_through_it()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(new SessionOptions("test", "json", null, null), default);
        var query = SqlText.FromConfiguration(
            """
            select count(*), count(j), count(distinct j), max(length(j)) from (
              select cidiff_json(case when i % 10 = 0 then null else '{"b": ' || (i % 7) || ', "a": "' || repeat('x', i % 30) || '"}' end) as j
              from range(10000) as t(i))
            """,
            "a test");

        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in session.QueryAsync(query, default))
        {
            rows.Add(row);
        }

        // i modulo 7 and modulo 30 are independent: 7 * 27 of the combinations are not null.
        Assert.Equal(new object[] { 10000L, 9000L, 189L, 46L }, Assert.Single(rows));
    }
}

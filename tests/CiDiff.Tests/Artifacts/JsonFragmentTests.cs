using System.Text;
using CiDiff.Artifacts;

namespace CiDiff.Tests.Artifacts;

public sealed class JsonFragmentTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "1e0")]
    [InlineData("100", "1.0e2")]
    [InlineData("true", "1")] // as in Python
    [InlineData("false", "0.0")]
    [InlineData("0.1", "0.10")]
    [InlineData("\"a\"", "\"\\u0061\"")]
    [InlineData("{\"a\": 1, \"b\": [2]}", "{\"b\":[2.0],\"a\":1}")]
    [InlineData("{\"a\": 1, \"a\": 2}", "{\"a\": 2}")] // the last one counts
    [InlineData("[]", "[ ]")]
    public void Values_that_Python_calls_equal_are_the_same(string left, string right)
    {
        Assert.True(Fragment(left).DeepEquals(Fragment(right)));
        Assert.True(Fragment(right).DeepEquals(Fragment(left)));
    }

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "2")]
    [InlineData("true", "\"true\"")]
    [InlineData("null", "0")]
    [InlineData("null", "false")]
    [InlineData("[1, 2]", "[2, 1]")]
    [InlineData("[1]", "[1, 1]")]
    [InlineData("[]", "{}")]
    [InlineData("{\"a\": null}", "{}")]
    [InlineData("{\"a\": 1}", "{\"b\": 1}")]
    [InlineData("9007199254740993", "9007199254740992")]
    public void Other_values_are_not(string left, string right)
    {
        Assert.False(Fragment(left).DeepEquals(Fragment(right)));
        Assert.False(Fragment(right).DeepEquals(Fragment(left)));
    }

    [Fact]
    public void A_missing_key_is_not_null_unless_that_is_asked_for()
    {
        Assert.True(default(JsonFragment).DeepEquals(default));
        Assert.False(default(JsonFragment).DeepEquals(Fragment("null")));
        Assert.True(default(JsonFragment).DeepEqualsOrNull(Fragment("null")));
        Assert.False(default(JsonFragment).DeepEqualsOrNull(Fragment("{}")));
    }

    private static JsonFragment Fragment(string json) => new(Encoding.UTF8.GetBytes(json));
}

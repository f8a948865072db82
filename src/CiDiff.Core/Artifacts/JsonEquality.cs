using System.Globalization;
using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Equality of JSON values as Python has it once they are loaded.</summary>
internal static class JsonEquality
{
    /// <summary>Meta is the user's own, and may nest deeper than the default of 64.</summary>
    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = 512 };

    /// <summary>Whether Python's <c>==</c> calls both the same.</summary>
    public static bool AreEqual(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => ObjectsAreEqual(left, right),
        (JsonValueKind.Array, JsonValueKind.Array) => ListsAreEqual(left, right),
        (JsonValueKind.String, JsonValueKind.String) => left.GetString() == right.GetString(),
        (JsonValueKind.Null, JsonValueKind.Null) => true,
        _ => NumberOf(left) is { } a && NumberOf(right) is { } b && NumbersAreEqual(a, b),
    };

    /// <summary>As above; null stands for an absent member and for the value null.</summary>
    public static bool AreEqual(JsonElement? left, JsonElement? right) =>
        left is { } a && right is { } b ? AreEqual(a, b) : left is null && right is null;

    private static bool ObjectsAreEqual(JsonElement left, JsonElement right)
    {
        var others = Members(right);
        var mine = Members(left);
        return mine.Count == others.Count
            && mine.All(member => others.TryGetValue(member.Key, out var value) && AreEqual(member.Value, value));
    }

    private static bool ListsAreEqual(JsonElement left, JsonElement right)
    {
        if (left.GetArrayLength() != right.GetArrayLength())
        {
            return false;
        }

        using var mine = left.EnumerateArray();
        using var others = right.EnumerateArray();
        while (mine.MoveNext() && others.MoveNext())
        {
            if (!AreEqual(mine.Current, others.Current))
            {
                return false;
            }
        }

        return true;
    }

    // A key that is written twice has its last value, as in Python.
    private static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }

    private static string? NumberOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    private static bool NumbersAreEqual(string left, string right)
    {
        if (left == right)
        {
            return true;
        }

        // Exact where it can be: a double cannot tell 9007199254740993 from 9007199254740992.
        if (decimal.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && decimal.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            && IsInteger(left) && IsInteger(right))
        {
            return a == b;
        }

        return double.Parse(left, CultureInfo.InvariantCulture).Equals(double.Parse(right, CultureInfo.InvariantCulture));
    }

    private static bool IsInteger(string number) => number.AsSpan().IndexOfAny('.', 'e', 'E') < 0;
}

using System.Text.Json;

namespace CiDiff.Reports;

/// <summary>Reads fields of a JSON object. A field that must be there and is not, or has another type or an unknown word, is a
/// <see cref="FormatException"/> or one of System.Text.Json's own exceptions; absent and null are the same.</summary>
internal static class JsonFields
{
    public static string Text(this JsonElement parent, string name) =>
        parent.OptionalText(name) ?? throw new FormatException($"'{name}' is missing.");

    public static string? OptionalText(this JsonElement parent, string name) => parent.Optional(name)?.GetString();

    public static long? OptionalCount(this JsonElement parent, string name) => parent.Optional(name)?.GetInt64();

    public static long Count(this JsonElement parent, string name) =>
        parent.OptionalCount(name) ?? throw new FormatException($"'{name}' is missing.");

    public static double? OptionalNumber(this JsonElement parent, string name) => parent.Optional(name)?.GetDouble();

    public static bool Flag(this JsonElement parent, string name) => parent.Optional(name)?.GetBoolean() ?? false;

    public static JsonElement? OptionalObject(this JsonElement parent, string name) => parent.Optional(name);

    public static T Word<T>(this JsonElement parent, string name)
        where T : struct, Enum
    {
        var word = parent.Text(name);
        return ReportWords.Parse<T>(word) ?? throw new FormatException($"'{word}' is no {name}.");
    }

    public static IReadOnlyList<T> List<T>(this JsonElement parent, string name, Func<JsonElement, T> read) =>
        parent.Optional(name) is { } list ? [.. list.EnumerateArray().Select(read)] : [];

    public static IReadOnlyList<string> Texts(this JsonElement parent, string name) =>
        parent.List(name, item => item.GetString() ?? throw new FormatException($"'{name}' holds a null."));

    public static IReadOnlyList<string?> TextsOrNulls(this JsonElement parent, string name) => parent.List(name, item => item.GetString());

    private static JsonElement? Optional(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Reading JSON as dbt's Python does, to which an absent member and null are the same.</summary>
internal static class JsonElementExtensions
{
    /// <summary>Whether there is more than nothing, null, <c>{}</c> or <c>[]</c>, which is what most columns have: looking costs less than
    /// parsing.</summary>
    public static bool HasContent(this JsonFragment fragment) =>
        !fragment.IsMissingOrNull && !fragment.Utf8.Span.SequenceEqual("{}"u8) && !fragment.Utf8.Span.SequenceEqual("[]"u8);

    /// <summary>A member of an object; null when it is absent or null, or when there is no object.</summary>
    public static JsonElement? Member(this JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value
        && value.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <inheritdoc cref="Member(JsonElement?, string)"/>
    public static JsonElement? Member(this JsonElement element, string name) => ((JsonElement?)element).Member(name);

    /// <summary>The items of a list; none when there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The members of an object; none when there is no object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : [];
}

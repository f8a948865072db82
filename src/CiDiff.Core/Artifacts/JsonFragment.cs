using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>A piece of JSON kept as its bytes: small to hold, parsed only when somebody looks into it.</summary>
/// <param name="Utf8">The JSON text; empty when the manifest had no such key.</param>
public readonly record struct JsonFragment(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>The manifest had no such key. A key with the value null is present.</summary>
    public bool IsMissing => Utf8.IsEmpty;

    /// <summary>Missing, or the JSON value null: what dbt's Python reads as <c>None</c>.</summary>
    public bool IsMissingOrNull => Utf8.IsEmpty || Utf8.Span.SequenceEqual("null"u8);

    /// <summary>Parses the fragment; null when it is missing.</summary>
    public JsonElement? Parse()
    {
        if (IsMissing)
        {
            return null;
        }

        var reader = new Utf8JsonReader(Utf8.Span, JsonEquality.ReaderOptions);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Whether two fragments are the same to Python's <c>==</c>, which is what dbt compares with.</summary>
    /// <remarks>Numbers compare by value (1 and 1.0), true is 1 and false is 0, the order of an object's keys does not matter, that
    /// of a list does. Two missing fragments are the same; a missing one and null are not.</remarks>
    public bool DeepEquals(JsonFragment other)
    {
        if (Utf8.Span.SequenceEqual(other.Utf8.Span))
        {
            return true;
        }

        return Parse() is { } left && other.Parse() is { } right && JsonEquality.AreEqual(left, right);
    }

    /// <summary>As <see cref="DeepEquals"/>, but a missing fragment is the same as null.</summary>
    public bool DeepEqualsOrNull(JsonFragment other) =>
        (IsMissingOrNull && other.IsMissingOrNull) || DeepEquals(other);
}

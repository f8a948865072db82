using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>A piece of JSON kept as its bytes: small to hold, parsed only when somebody looks into it.</summary>
/// <param name="Utf8">The JSON text; empty when the manifest had no such key.</param>
public readonly record struct JsonFragment(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>The manifest had no such key. A key with the value null is present.</summary>
    public bool IsMissing => Utf8.IsEmpty;

    /// <summary>Parses the fragment; null when it is missing.</summary>
    public JsonElement? Parse()
    {
        if (IsMissing)
        {
            return null;
        }

        var reader = new Utf8JsonReader(Utf8.Span);
        return JsonElement.ParseValue(ref reader);
    }
}

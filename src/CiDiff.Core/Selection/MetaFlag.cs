using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>Reads yes-or-no marks in meta.</summary>
internal static class MetaFlag
{
    /// <summary>Whether the mark is there and its value does not deny it: <c>false</c>, <c>null</c>, <c>"false"</c> and <c>"no"</c> do.</summary>
    public static bool IsSet(JsonFragment meta, string name) =>
        meta.HasContent() && meta.Parse() is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var value) && IsYes(value);

    /// <summary>Whether a value is a yes.</summary>
    public static bool IsYes(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => false,
        JsonValueKind.String => value.GetString() is { } text
            && !text.Equals("false", StringComparison.OrdinalIgnoreCase)
            && !text.Equals("no", StringComparison.OrdinalIgnoreCase)
            && text.Length > 0,
        JsonValueKind.Number => value.GetDouble() != 0,
        _ => true,
    };
}

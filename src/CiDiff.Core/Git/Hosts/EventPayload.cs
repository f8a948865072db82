using System.Text.Json;

namespace CiDiff.Git.Hosts;

/// <summary>A place in the JSON that GitHub sent the job. Asking for what is not there, or is of another type, gives nothing.</summary>
internal readonly record struct EventPayload(JsonElement Element)
{
    /// <summary>Reads the text; null when it is no JSON object.</summary>
    public static EventPayload? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new EventPayload(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether there is something.</summary>
    public bool Exists => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The object or value below some names.</summary>
    public EventPayload At(params ReadOnlySpan<string> names)
    {
        var element = Element;
        foreach (var name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return new EventPayload(element);
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(params ReadOnlySpan<string> names) =>
        At(names).Element is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;

    /// <summary>A number above 0.</summary>
    public long? Number(params ReadOnlySpan<string> names) =>
        At(names).Element is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value > 0 ? value : null;

    /// <summary>true.</summary>
    public bool IsTrue(params ReadOnlySpan<string> names) => At(names).Element.ValueKind == JsonValueKind.True;

    /// <summary>The items of a list; null when there is no list.</summary>
    public IReadOnlyList<EventPayload>? Items(params ReadOnlySpan<string> names) =>
        At(names).Element is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => new EventPayload(item))] : null;
}

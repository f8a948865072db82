using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>Comparing pieces of manifests where absent is null.</summary>
internal static class Json
{
    /// <summary>A key of a resource that has no member of its own; missing when it is absent.</summary>
    public static JsonFragment Of(ManifestNode node, string key) => node.Other.GetValueOrDefault(key);

    /// <summary>Whether some members of two objects are the same; those of an absent object are all absent.</summary>
    public static bool MembersAreSame(JsonElement? head, JsonElement? old, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!JsonEquality.AreEqual(head.Member(key), old.Member(key)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether two objects are the same when a member that is null is absent; an object is not the same as none.</summary>
    public static bool ObjectsAreSame(JsonFragment head, JsonFragment old)
    {
        if (head.IsMissingOrNull || old.IsMissingOrNull)
        {
            return head.IsMissingOrNull && old.IsMissingOrNull;
        }

        var (now, before) = (head.Parse(), old.Parse());
        return now.Members().Concat(before.Members()).Select(member => member.Name)
            .All(name => JsonEquality.AreEqual(now.Member(name), before.Member(name)));
    }

    /// <summary>Whether there is nothing: absent, null, or an empty text, list or object.</summary>
    public static bool IsEmpty(JsonFragment value) => value.IsMissingOrNull || value.Parse() switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Length == 0,
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() == 0,
        { ValueKind: JsonValueKind.Object } members => !members.EnumerateObject().Any(),
        _ => false,
    };
}

namespace CiDiff.Selection;

/// <summary>A Unix shell pattern over a whole text, as Python's <c>fnmatch</c> reads it, which is what dbt uses: <c>*</c> is any text,
/// slashes and dots included, <c>?</c> one character, <c>[a-z]</c> one of a set, <c>[!a-z]</c> one that is not. Case matters.</summary>
internal sealed class Wildcard
{
    private readonly List<Part> _parts = [];

    /// <summary>Reads a pattern; every text is one. A bracket that is not closed is an ordinary character.</summary>
    public Wildcard(string pattern)
    {
        var at = 0;
        while (at < pattern.Length)
        {
            var character = pattern[at++];
            _parts.Add(character switch
            {
                '*' => new Part(PartKind.AnyText),
                '?' => new Part(PartKind.AnyCharacter),
                '[' when EndOfSet(pattern, at) is { } end => ReadSet(pattern, ref at, end),
                _ => new Part(PartKind.Character, character),
            });
        }
    }

    private enum PartKind
    {
        Character,
        AnyCharacter,
        AnyText,
        Set,
    }

    /// <summary>Whether a text has any of the characters that make it a pattern.</summary>
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny("*?[]");

    /// <summary>Whether the whole text fits.</summary>
    public bool IsMatch(string text)
    {
        // Only the last star can still be made longer: an earlier one has taken the shortest text that let the parts up to it fit.
        var (part, at) = (0, 0);
        var (star, resume) = (-1, 0);
        while (at < text.Length)
        {
            if (part < _parts.Count && _parts[part].Kind == PartKind.AnyText)
            {
                (star, resume) = (part++, at);
            }
            else if (part < _parts.Count && _parts[part].Accepts(text[at]))
            {
                part++;
                at++;
            }
            else if (star >= 0)
            {
                part = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return _parts.Skip(part).All(rest => rest.Kind == PartKind.AnyText);
    }

    // A closing bracket in the first place of a set is one of its characters.
    private static int? EndOfSet(string pattern, int start)
    {
        var first = start < pattern.Length && pattern[start] == '!' ? start + 1 : start;
        var end = first + 1 <= pattern.Length ? pattern.IndexOf(']', Math.Min(first + 1, pattern.Length)) : -1;
        return end < 0 ? null : end;
    }

    private static Part ReadSet(string pattern, ref int at, int end)
    {
        var isNegated = pattern[at] == '!';
        var characters = pattern[(isNegated ? at + 1 : at)..end];
        var ranges = new List<(char From, char To)>();
        for (var index = 0; index < characters.Length; index++)
        {
            var isRange = index + 2 < characters.Length && characters[index + 1] == '-';
            ranges.Add((characters[index], isRange ? characters[index + 2] : characters[index]));
            index += isRange ? 2 : 0;
        }

        at = end + 1;
        return new Part(PartKind.Set, Ranges: ranges, IsNegated: isNegated);
    }

    private sealed record Part(
        PartKind Kind, char Character = default, IReadOnlyList<(char From, char To)>? Ranges = null, bool IsNegated = false)
    {
        public bool Accepts(char character) => Kind switch
        {
            PartKind.Character => character == Character,
            PartKind.AnyCharacter => true,
            PartKind.Set => Ranges!.Any(range => range.From <= character && character <= range.To) != IsNegated,
            _ => false,
        };
    }
}

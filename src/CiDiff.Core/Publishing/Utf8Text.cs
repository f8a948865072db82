using System.Text;

namespace CiDiff.Publishing;

/// <summary>Texts whose length a host limits.</summary>
internal static class Utf8Text
{
    /// <summary>Cuts to a number of UTF-8 bytes, at the end of a line where there is one, and says so.</summary>
    public static string Cut(string text, int mostBytes)
    {
        const string Mark = "\n\n✂️ cut for length\n";
        if (Encoding.UTF8.GetByteCount(text) <= mostBytes)
        {
            return text;
        }

        var room = mostBytes - Encoding.UTF8.GetByteCount(Mark);
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        var line = text.LastIndexOf('\n', Math.Max(0, end - 1));
        return string.Concat(text.AsSpan(0, line > 0 ? line : end), Mark);
    }
}

namespace CiDiff.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
public static class Spelling
{
    /// <summary>The known word that needs the fewest edits, if they are few for its length; null otherwise. Among equals the first wins.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var nearest = known
            .Select(candidate => (Word: candidate, Edits: Edits(word, candidate)))
            .OrderBy(candidate => candidate.Edits)
            .FirstOrDefault();

        return nearest.Word is not null && nearest.Edits <= Math.Max(1, nearest.Word.Length / 3) ? nearest.Word : null;
    }

    /// <summary>A hint that names the nearest word, or all of them.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">What could have been written; not empty.</param>
    public static string Hint(string word, IReadOnlyList<string> known) => Nearest(word, known) is { } nearest
        ? $"Did you mean '{nearest}'?"
        : $"Known here: {string.Join(", ", known)}.";

    // Insertions, deletions, replacements and swaps of neighbours, case ignored; '-' and '_' count as the same character.
    private static int Edits(string word, string candidate)
    {
        var (left, right) = (Folded(word), Folded(candidate));
        int[] beforeLast = [];
        int[] last = [.. Enumerable.Range(0, right.Length + 1)];
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(last[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
                }
            }

            (beforeLast, last) = (last, current);
        }

        return last[right.Length];
    }

    // A key is a word: what is longer is not worth quadratic time.
    private static string Folded(string word) => word[..Math.Min(word.Length, 64)].ToLowerInvariant().Replace('-', '_');
}

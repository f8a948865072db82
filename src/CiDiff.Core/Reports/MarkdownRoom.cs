using System.Text;

namespace CiDiff.Reports;

/// <summary>Counts down what is left of a limit, in UTF-8 bytes.</summary>
/// <param name="limit">The most that all blocks together may take.</param>
internal sealed class MarkdownRoom(long limit)
{
    private long _left = limit;

    public bool Fits(string block) => Size(block) <= _left;

    public void Use(string block) => _left -= Size(block);

    /// <summary>Uses the room of a block if it fits.</summary>
    /// <returns>The block, or an empty one.</returns>
    public string UseIfFits(string block)
    {
        if (!Fits(block))
        {
            return "";
        }

        Use(block);
        return block;
    }

    /// <summary>The first lines of a block that fit into a share of what is left, and uses up their room.</summary>
    /// <param name="lines">Each with its line break.</param>
    /// <param name="share">0 to 1: how much of what is left this block may take.</param>
    /// <param name="frame">What the block needs besides its lines; used only if a line fits.</param>
    public IReadOnlyList<string> UseLines(IEnumerable<string> lines, double share, string frame = "")
    {
        var taken = new List<string>();
        var allowed = (long)(_left * share) - Size(frame);
        foreach (var line in lines)
        {
            var size = Encoding.UTF8.GetByteCount(line);
            if (size > allowed)
            {
                break;
            }

            allowed -= size;
            _left -= size;
            taken.Add(line);
        }

        if (taken.Count > 0)
        {
            Use(frame);
        }

        return taken;
    }

    // A blank line stands before every block.
    private static int Size(string block) => block.Length == 0 ? 0 : Encoding.UTF8.GetByteCount(block) + 1;
}

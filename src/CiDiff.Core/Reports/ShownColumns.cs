using CiDiff.Diffing;
using CiDiff.Selection;

namespace CiDiff.Reports;

/// <summary>Which columns of a model <see cref="ValuePrivacy"/> lets a report show the values of.</summary>
internal sealed class ShownColumns
{
    private readonly ValuePrivacy _privacy;
    private readonly HashSet<string> _key;

    /// <param name="model">The model.</param>
    /// <param name="diff">Its comparison.</param>
    /// <param name="privacy">What may be shown.</param>
    public ShownColumns(ModelInReach model, TableDiff diff, ValuePrivacy privacy)
    {
        _privacy = privacy;
        _key = new HashSet<string>(diff.Key?.Columns.Select(column => column.Value) ?? [], StringComparer.OrdinalIgnoreCase);
        Private = new HashSet<string>((model as SelectedModel)?.PrivateColumns ?? [], StringComparer.OrdinalIgnoreCase);

        // What was private stays so under another name, and what was the key is so.
        foreach (var renamed in diff.Schema.Renamed)
        {
            Share(Private, renamed);
            Share(_key, renamed);
        }

        static void Share(HashSet<string> names, RenamedColumn renamed)
        {
            if (names.Contains(renamed.Base.Value) || names.Contains(renamed.Head.Value))
            {
                names.Add(renamed.Base.Value);
                names.Add(renamed.Head.Value);
            }
        }
    }

    /// <summary>Columns whose values are never shown.</summary>
    public HashSet<string> Private { get; }

    /// <summary>Whether values of a column may be shown.</summary>
    public bool IsShown(string column) => !Private.Contains(column) && _privacy switch
    {
        ValuePrivacy.None => false,
        ValuePrivacy.Keys => _key.Contains(column),
        ValuePrivacy.Full => true,
        _ => throw new System.Diagnostics.UnreachableException($"{_privacy}"),
    };
}

using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>dbt's default method: a name, a folder, or a package and what is in it, by the resource's fully qualified name.</summary>
/// <remarks>A value is a resource's own name, or the beginning of its fqn, with or without the package in front:
/// <c>shop.marts</c> and <c>marts</c> are everything in that folder. From the first part with a wildcard on, the rest of the value is a
/// pattern for the whole rest of the fqn. A versioned model ends in its name and its version, so it is called by its name
/// (<c>orders</c>: every version), <c>orders.v2</c> or <c>orders_v2</c>.</remarks>
internal sealed class FqnPattern
{
    private readonly string _value;
    private readonly string[] _parts;
    private readonly int _firstPattern;
    private readonly Wildcard? _rest;

    /// <summary>Reads the value of an <c>fqn:</c> selector; every text is one.</summary>
    public FqnPattern(string value)
    {
        _value = value;
        _parts = value.Split('.');
        _firstPattern = Array.FindIndex(_parts, Wildcard.IsPattern);
        _rest = _firstPattern < 0 ? null : new Wildcard(string.Join('.', _parts[_firstPattern..]));
    }

    /// <summary>Whether a resource is meant. Sources never are: their method is <c>source</c>.</summary>
    public bool IsMatch(ManifestNode node)
    {
        if (node.Section == ManifestSection.Sources || node.Fqn.Count == 0)
        {
            return false;
        }

        var isVersioned = node is { ResourceType: "model", Version: not null };
        return IsMatch(node.Fqn, skip: 0, isVersioned) || IsMatch(node.Fqn, skip: 1, isVersioned);
    }

    private bool IsMatch(IReadOnlyList<string> fqn, int skip, bool isVersioned)
    {
        if (fqn.Count <= skip)
        {
            return false;
        }

        if (isVersioned && fqn.Count - skip >= 2)
        {
            if (fqn[^2] == _value || $"{fqn[^2]}_{fqn[^1]}" == string.Join('_', _parts.TakeLast(2)))
            {
                return true;
            }
        }
        else if (fqn[^1] == _value)
        {
            return true;
        }

        // A dot within a name separates like one between names.
        string[] flat = [.. fqn.Skip(skip).SelectMany(segment => segment.Split('.'))];
        if (flat.Length < _parts.Length)
        {
            return false;
        }

        var plain = _firstPattern < 0 ? _parts.Length : _firstPattern;
        return flat.AsSpan(0, plain).SequenceEqual(_parts.AsSpan(0, plain))
            && (_rest is null || _rest.IsMatch(string.Join('.', flat[plain..])));
    }
}

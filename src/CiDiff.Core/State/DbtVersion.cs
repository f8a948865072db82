using System.Globalization;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>The parts of a dbt version that decide how a manifest is written.</summary>
internal readonly record struct DbtVersion(int Major, int Minor) : IComparable<DbtVersion>
{
    /// <summary>From 1.12 on, <c>unrendered_config</c> holds source text and not rendered values.</summary>
    public static readonly DbtVersion ComparesUnrenderedValues = new(1, 12);

    /// <summary>Since 1.10, sources and exposures have an <c>unrendered_config</c>.</summary>
    public static readonly DbtVersion FillsSourceConfigs = new(1, 10);

    /// <summary>The Rust engine. Its previews had a manifest schema of their own.</summary>
    public static readonly DbtVersion Fusion = new(2, 0);

    /// <summary>Of the dbt that wrote a manifest; 0.0 when it does not say.</summary>
    public static DbtVersion Of(ManifestMetadata metadata)
    {
        if (metadata.SchemaVersion >= 20)
        {
            return Fusion;
        }

        var parts = (metadata.DbtVersion ?? "").Split('.');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new DbtVersion(major, minor)
            : default;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <inheritdoc/>
    public int CompareTo(DbtVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public static bool operator <(DbtVersion left, DbtVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(DbtVersion left, DbtVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(DbtVersion left, DbtVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DbtVersion left, DbtVersion right) => left.CompareTo(right) >= 0;
}

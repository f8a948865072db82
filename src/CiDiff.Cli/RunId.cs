using System.Globalization;

namespace CiDiff.Cli;

/// <summary>Tells a run's queries from those of others, in the comment that ends each.</summary>
internal static class RunId
{
    /// <summary>Eight digits, hexadecimal.</summary>
    /// <remarks>A number's, because a GUID's own digits are written by code that is compiled at every start.</remarks>
    public static string New() => Guid.NewGuid().GetHashCode().ToString("x8", CultureInfo.InvariantCulture);
}

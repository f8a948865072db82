using System.Reflection;

namespace CiDiff.Cli;

/// <summary>The tool's own version.</summary>
internal static class ToolVersion
{
    /// <summary>As the package is versioned, for example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}

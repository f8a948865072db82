namespace CiDiff.Cli;

/// <summary>What the process answers. Scripts rely on these.</summary>
internal static class ExitCodes
{
    /// <summary>Pass, warnings included; or the command did what it was asked.</summary>
    public const int Pass = 0;

    /// <summary>The verdict is fail, or <c>compare</c> found a difference.</summary>
    public const int Fail = 1;

    /// <summary>Could not tell.</summary>
    public const int Error = 2;

    /// <summary>Cancelled by the user; 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}

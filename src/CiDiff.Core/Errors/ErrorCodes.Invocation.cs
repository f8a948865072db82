namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>The command line could not be understood.</summary>
    public static readonly ErrorCode InvalidCommandLine = new("CID1001", "Command line not understood");

    /// <summary>A file named on the command line or in the configuration does not exist.</summary>
    public static readonly ErrorCode FileNotFound = new("CID1002", "File not found");

    /// <summary>The folder for the demo holds something else, or cannot be written.</summary>
    public static readonly ErrorCode DemoFolder = new("CID1003", "Folder not usable for the demo");

    /// <summary>A file that <c>init</c> makes cannot be written.</summary>
    public static readonly ErrorCode FileNotWritten = new("CID1004", "File not written");
}

namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>No <c>dbt_project.yml</c> where dbt would look for it.</summary>
    public static readonly ErrorCode ProjectNotFound = new("CID1101", "dbt project not found");

    /// <summary>No <c>profiles.yml</c> where dbt would look for it.</summary>
    public static readonly ErrorCode ProfilesNotFound = new("CID1102", "profiles.yml not found");

    /// <summary>No profile was named, or <c>profiles.yml</c> has none of that name.</summary>
    public static readonly ErrorCode ProfileNotFound = new("CID1103", "Profile not found");

    /// <summary>The profile has no such output.</summary>
    public static readonly ErrorCode TargetNotFound = new("CID1104", "Target not found");

    /// <summary>A file of dbt's is not valid YAML, or a key has a value it does not take.</summary>
    public static readonly ErrorCode InvalidProfile = new("CID1105", "Profile not understood");

    /// <summary>A profile asks for a variable that is not set and has no default.</summary>
    public static readonly ErrorCode UndefinedVariable = new("CID1106", "Variable not set");

    /// <summary>A profile uses Jinja that is wrong, or that only dbt itself can render.</summary>
    public static readonly ErrorCode UnsupportedJinja = new("CID1107", "Jinja not understood");
}

namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>The configuration file is not YAML.</summary>
    public static readonly ErrorCode ConfigurationNotYaml = new("CID1301", "Configuration is not YAML");

    /// <summary>A key that CiDiff does not know.</summary>
    public static readonly ErrorCode UnknownKey = new("CID1302", "Unknown configuration key");

    /// <summary>A value of the wrong type, or out of its range.</summary>
    public static readonly ErrorCode InvalidValue = new("CID1303", "Configuration value not understood");

    /// <summary>A key that is given twice in one mapping.</summary>
    public static readonly ErrorCode RepeatedKey = new("CID1304", "Configuration key repeated");

    /// <summary>The file was written for another version of the format.</summary>
    public static readonly ErrorCode UnknownConfigurationVersion = new("CID1305", "Unknown configuration version");

    /// <summary>A secret stands in the file itself.</summary>
    public static readonly ErrorCode LiteralSecret = new("CID1306", "Secret in the configuration file");

    /// <summary>A secret is to be read from an environment variable that is not set.</summary>
    public static readonly ErrorCode VariableNotSet = new("CID1307", "Environment variable not set");

    /// <summary>A setting whose effect does not exist yet.</summary>
    public static readonly ErrorCode NotAvailable = new("CID1308", "Not available in this version");

    /// <summary>Two configuration files side by side.</summary>
    public static readonly ErrorCode AmbiguousConfiguration = new("CID1309", "Two configuration files");
}

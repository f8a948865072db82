using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>A secret as configured: itself, or the name of the environment variable that holds it.</summary>
public sealed class ConfiguredSecret
{
    private readonly string _origin;
    private readonly string? _variable;
    private readonly Secret? _value;

    private ConfiguredSecret(string origin, string? variable, Secret? value)
    {
        _origin = origin;
        _variable = variable;
        _value = value;
    }

    /// <summary>The secret.</summary>
    /// <remarks>A variable that is not set is an error only here: a job without secrets can still do all that needs none.</remarks>
    /// <exception cref="UserErrorException">The environment variable is not set.</exception>
    public Secret Require() => _value ?? throw new UserErrorException(
        ErrorCodes.VariableNotSet,
        $"{_origin} reads the environment variable {_variable}, which is not set.",
        hint: $"Set {_variable} in this job; pull requests from forks get no secrets.");

    /// <summary>A secret that was typed on the command line.</summary>
    public static ConfiguredSecret FromCommandLine(string value) => new("command line", null, new Secret(value));

    /// <summary>Always <c>***</c>, or the variable's name.</summary>
    public override string ToString() => _variable is null ? "***" : $"env:{_variable}";

    internal static ConfiguredSecret Literal(string value, ConfigPlace place) =>
        new(place.SourceAndLine, null, new Secret(value));

    internal static ConfiguredSecret FromVariable(string variable, string? value, ConfigPlace place) =>
        new(place.SourceAndLine, variable, string.IsNullOrEmpty(value) ? null : new Secret(value));
}

using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Profiles;

/// <summary>What expressions in a profile can know: the environment and dbt's <c>--vars</c>.</summary>
/// <param name="request">Holds both.</param>
/// <param name="place">The key, the output and the file, for messages.</param>
/// <param name="secrets">Takes every value of a <c>DBT_ENV_SECRET…</c> variable that is used.</param>
internal sealed class JinjaScope(ProfileRequest request, string place, ICollection<Secret> secrets)
{
    // https://docs.getdbt.com/reference/dbt-jinja-functions/env_var#secrets
    private const string SecretPrefix = "DBT_ENV_SECRET";

    /// <summary>The value: a text, a <see cref="long"/>, a <see cref="decimal"/>, a <see cref="bool"/>, or null for <c>none</c>.</summary>
    public object? Evaluate(JinjaExpression expression) => expression switch
    {
        JinjaExpression.Literal literal => literal.Value,
        JinjaExpression.Joined joined => JinjaValue.Text(Evaluate(joined.Left)) + JinjaValue.Text(Evaluate(joined.Right)),
        JinjaExpression.Filter filter => Apply(filter),
        JinjaExpression.Call { Function: "env_var", Arguments: { Count: 1 or 2 } arguments } =>
            EnvironmentVariable(JinjaValue.Text(Evaluate(arguments[0])), arguments.ElementAtOrDefault(1)),
        JinjaExpression.Call { Function: "var", Arguments: { Count: 1 or 2 } arguments } =>
            Var(JinjaValue.Text(Evaluate(arguments[0])), arguments.ElementAtOrDefault(1)),
        JinjaExpression.Call call => throw Unsupported($"{call.Function}() with {call.Arguments.Count} arguments is not known there"),
        JinjaExpression.Variable variable => throw Unsupported($"'{variable.Name}' is not known there"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The error for Jinja that cannot be rendered.</summary>
    /// <param name="reason">Half a sentence.</param>
    public UserErrorException Unsupported(string reason) => new(
        ErrorCodes.UnsupportedJinja,
        $"The Jinja in {place} cannot be rendered: {reason}.",
        hint: "CiDiff renders text with {{ env_var('NAME', 'default') }} and {{ var('name') }}, and simple filters. Or pass the connection with --url.");

    private object? EnvironmentVariable(string name, JinjaExpression? fallback)
    {
        if (request.Environment.TryGetValue(name, out var value))
        {
            if (name.StartsWith(SecretPrefix, StringComparison.Ordinal) && value.Length > 0)
            {
                secrets.Add(new Secret(value));
            }

            return value;
        }

        // As in dbt, none is no default.
        return (fallback is null ? null : Evaluate(fallback)) ?? throw new UserErrorException(
            ErrorCodes.UndefinedVariable,
            $"The environment variable '{name}' is not set, and {place} needs it.",
            hint: $"Set it, or give it a default: env_var('{name}', '…'). CiDiff does not read .env files.");
    }

    private object? Var(string name, JinjaExpression? fallback) =>
        request.Vars.TryGetValue(name, out var value)
            ? value
            : (fallback is null ? null : Evaluate(fallback)) ?? throw new UserErrorException(
                ErrorCodes.UndefinedVariable,
                $"The variable '{name}' is not set, and {place} needs it.",
                hint: $"Give it a default: var('{name}', '…'). As in dbt, vars of dbt_project.yml are not known in profiles.");

    private object? Apply(JinjaExpression.Filter filter)
    {
        if (filter.Name is "default" or "d" && filter.Arguments.Count is 1 or 2)
        {
            return Default(filter);
        }

        var value = Evaluate(filter.Value);
        return (filter.Name, filter.Arguments.Count) switch
        {
            ("int", <= 1) => Whole(value) ?? (filter.Arguments.Count == 1 ? Evaluate(filter.Arguments[0]) : 0L),
            ("as_number", 0) => Number(value) ?? throw Refused(filter.Name, "number"),
            ("as_bool", 0) => Truth(value) ?? throw Refused(filter.Name, "boolean"),
            ("as_native" or "as_text", 0) => value,
            ("string", 0) => JinjaValue.Text(value),
            ("trim", 0) => JinjaValue.Text(value).Trim(),
            ("lower", 0) => JinjaValue.Text(value).ToLowerInvariant(),
            ("upper", 0) => JinjaValue.Text(value).ToUpperInvariant(),
            ("replace", 2) => Replace(JinjaValue.Text(value), filter.Arguments),
            _ => throw Unsupported($"the filter '{filter.Name}' with {filter.Arguments.Count} arguments is not supported"),
        };
    }

    // An env_var or var without value and without default raises in dbt before a filter could help; so it does here.
    private object? Default(JinjaExpression.Filter filter)
    {
        var value = Evaluate(filter.Value);
        return filter.Arguments.Count == 2 && JinjaValue.IsTrue(Evaluate(filter.Arguments[1])) && !JinjaValue.IsTrue(value)
            ? Evaluate(filter.Arguments[0])
            : value;
    }

    private string Replace(string value, IReadOnlyList<JinjaExpression> arguments)
    {
        var old = JinjaValue.Text(Evaluate(arguments[0]));
        return old.Length == 0 ? value : value.Replace(old, JinjaValue.Text(Evaluate(arguments[1])), StringComparison.Ordinal);
    }

    // The value itself may be a secret, so it is not said.
    private UserErrorException Refused(string filter, string type) => Unsupported($"{filter} got a value that is no {type}");

    private static object? Whole(object? value) => value switch
    {
        long number => number,
        bool truth => truth ? 1L : 0L,
        decimal number => (long)number,
        string text when long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static object? Number(object? value) => value switch
    {
        string text when Whole(text) is null =>
            decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (object)number : null,
        _ => Whole(value),
    };

    private static object? Truth(object? value) => value switch
    {
        bool truth => truth,
        string text when bool.TryParse(text, out var truth) => truth,
        _ => null,
    };
}

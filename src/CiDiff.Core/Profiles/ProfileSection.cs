using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CiDiff.Profiles;

/// <summary>A mapping in a file of dbt's, whose values are rendered when they are asked for.</summary>
/// <remarks>dbt renders every value of the chosen output; here a value that CiDiff does not use can do no harm.</remarks>
internal sealed class ProfileSection(YamlMappingNode node, string file, string name, ProfileRequest request, ICollection<Secret> secrets)
{
    /// <summary>The keys, in the file's order.</summary>
    public IEnumerable<string> Keys => node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>Reads a file whose top level is a mapping.</summary>
    public static ProfileSection Load(string file, ProfileRequest request, ICollection<Secret> secrets)
    {
        try
        {
            using var text = new StreamReader(file);
            var stream = new YamlStream();
            stream.Load(new MergingParser(new Parser(text)));
            var root = stream.Documents.Count == 0 ? new YamlMappingNode() : stream.Documents[0].RootNode;
            return root is YamlMappingNode mapping
                ? new ProfileSection(mapping, file, "", request, secrets)
                : throw new UserErrorException(ErrorCodes.InvalidProfile, $"'{file}' is not a mapping of keys to values.");
        }
        catch (YamlException error)
        {
            throw new UserErrorException(
                ErrorCodes.InvalidProfile,
                $"'{file}' is not valid YAML: line {error.Start.Line}, column {error.Start.Column}: {error.Message.TrimEnd('.')}.",
                hint: "A value that begins with {{ needs quotes around it.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ErrorCodes.InvalidProfile, $"'{file}' cannot be read: {error.Message}", inner: error);
        }
    }

    /// <summary>A mapping below this one, or null when the key is missing or null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="title">What messages call it; null for its key.</param>
    public ProfileSection? Section(string key, string? title = null) => Find(key) switch
    {
        null => null,
        YamlMappingNode child => new ProfileSection(child, file, title ?? $"'{key}' of {name}", request, secrets),
        var other => throw Invalid(key, other, "it has to be a mapping"),
    };

    /// <summary>The sections of a list, or of nothing when the key is missing.</summary>
    public IEnumerable<ProfileSection> Sections(string key) =>
        Items(key).OfType<YamlMappingNode>().Select(item => new ProfileSection(item, file, $"'{key}' of {name}", request, secrets));

    /// <summary>The texts of a list, rendered; entries that are no texts are left out.</summary>
    public IEnumerable<string> Texts(string key) => Items(key).OfType<YamlScalarNode>().Select(item => Render(key, item));

    /// <summary>The first of these keys that is there, rendered; null when none is, or when it is null.</summary>
    public string? Text(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            switch (Find(key))
            {
                case null:
                    continue;
                case YamlScalarNode scalar:
                    return Render(key, scalar);
                case YamlMappingNode { Children.Count: 1 } mapping when mapping.Children.First().Key is YamlMappingNode:
                    throw Invalid(key, mapping, "a value that begins with {{ needs quotes around it");
                case var other:
                    throw Invalid(key, other, "it has to be a single value");
            }
        }

        return null;
    }

    /// <summary>The same where the text must be there and not be empty.</summary>
    public string Required(params ReadOnlySpan<string> keys) =>
        Text(keys) is { Length: > 0 } text
            ? text
            : throw new UserErrorException(
                ErrorCodes.InvalidProfile,
                $"{Place(keys[0], node)} is missing or empty.",
                hint: $"Add '{string.Join("' or '", keys.ToArray())}' to the output.");

    /// <summary>A whole number within limits, or null when the key is missing or null.</summary>
    public int? Number(string key, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        // The value is not said: it may come from a secret variable.
        return int.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid(key, Find(key)!, $"it has to be a whole number from {least} to {most}");
    }

    /// <summary>The error for a key whose value cannot be used.</summary>
    /// <param name="key">The key.</param>
    /// <param name="reason">Half a sentence.</param>
    public UserErrorException Invalid(string key, string reason) => Invalid(key, Find(key) ?? node, reason);

    private UserErrorException Invalid(string key, YamlNode value, string reason) =>
        new(ErrorCodes.InvalidProfile, $"{Place(key, value)} cannot be used: {reason}.");

    private string Place(string key, YamlNode value) =>
        $"Key '{key}'{(name.Length == 0 ? "" : $" of {name}")} in '{file}', line {value.Start.Line.ToString(CultureInfo.InvariantCulture)},";

    private YamlSequenceNode Items(string key) => Find(key) switch
    {
        null => new YamlSequenceNode(),
        YamlSequenceNode list => list,
        var other => throw Invalid(key, other, "it has to be a list"),
    };

    private YamlNode? Find(string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && !IsNull(value) ? value : null;

    private static bool IsNull(YamlNode value) =>
        value is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private string Render(string key, YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (!JinjaText.IsJinja(text))
        {
            return text;
        }

        var scope = new JinjaScope(request, Place(key, scalar).TrimEnd(',').Replace("Key ", "key ", StringComparison.Ordinal), secrets);
        if (JinjaText.Parse(text, out var problem) is { } jinja)
        {
            return jinja.Render(scope);
        }

        // As dbt: a password may contain what looks like the beginning of Jinja.
        return problem.IsSyntax && key is "password" or "pass" ? text : throw scope.Unsupported(problem.Reason);
    }
}

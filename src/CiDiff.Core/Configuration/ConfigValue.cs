using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>A value and the key it was given for: what the readers of single values work on.</summary>
/// <param name="Key">As in the documentation: <c>compare.samples</c>.</param>
/// <param name="Node">The value.</param>
internal readonly partial record struct ConfigValue(string Key, ConfigNode Node)
{
    /// <summary>Where <c>env:NAME</c> is looked up.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>A text that is not empty.</summary>
    public string Text() => Node is ConfigNode.Scalar { Value.Length: > 0 } scalar ? scalar.Value : throw Wrong("a text");

    /// <summary>A text, or a list of one text: both forms are in use for some of Datafold's keys.</summary>
    public string TextOrListOfOne() => Node is ConfigNode.Sequence { Items: [var only] }
        ? (this with { Node = only }).Text()
        : Text();

    /// <summary>true or false.</summary>
    public bool Switch() => Node switch
    {
        ConfigNode.Scalar { IsQuoted: false, Value: "true" or "True" or "TRUE" } => true,
        ConfigNode.Scalar { IsQuoted: false, Value: "false" or "False" or "FALSE" } => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>true or false, also as a text: rendered Jinja leaves texts in meta.</summary>
    public bool LenientSwitch() => Node is ConfigNode.Scalar scalar && bool.TryParse(scalar.Value, out var value)
        ? value
        : throw Wrong("true or false");

    /// <summary>A whole number in a range.</summary>
    public int WholeNumber(int minimum, int maximum) =>
        Node is ConfigNode.Scalar { IsQuoted: false } scalar
        && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= minimum && number <= maximum
            ? number
            : throw Wrong($"a whole number from {minimum} to {maximum}");

    /// <summary>One of some words.</summary>
    public T Choice<T>(params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var words = new string[choices.Length];
        for (var index = 0; index < choices.Length; index++)
        {
            if (Node is ConfigNode.Scalar scalar && scalar.Value == choices[index].Word)
            {
                return choices[index].Value;
            }

            words[index] = choices[index].Word;
        }

        throw Wrong(words.Length == 1 ? $"'{words[0]}'" : $"one of {string.Join(", ", words)}");
    }

    /// <summary>A list of texts; a single one stands for a list of one.</summary>
    public IReadOnlyList<string> Texts()
    {
        var key = Key;
        return Node switch
        {
            ConfigNode.Scalar => [Text()],
            ConfigNode.Sequence sequence => [.. sequence.Items.Select((item, index) => new ConfigValue($"{key}[{index}]", item).Text())],
            _ => throw Wrong("a list of texts"),
        };
    }

    /// <summary>A list of column names: no name empty, none twice.</summary>
    public IReadOnlyList<string> ColumnNames()
    {
        var names = Texts();
        if (names.Count == 0)
        {
            throw Wrong("at least one column");
        }

        var repeated = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return repeated is null ? names : throw Wrong($"each column once; '{repeated.Key}' is repeated");
    }

    /// <summary>A file or folder: relative to the file it was written in, or to the working directory.</summary>
    public string Path()
    {
        var text = Text();
        return Node.Place.Folder.Length == 0 ? text : System.IO.Path.Combine(Node.Place.Folder, text);
    }

    /// <summary>A connection URL, or <c>env:NAME</c>. In a file a URL must not carry a password.</summary>
    public ConfiguredSecret Url()
    {
        var text = Text();
        if (Variable(text) is { } secret)
        {
            return secret;
        }

        var isInFile = Node.Place.Line > 0;
        return isInFile && Credentials().IsMatch(text)
            ? throw new UserErrorException(
                ErrorCodes.LiteralSecret,
                $"{Node.Place}: '{Key}' holds a password or a token.",
                hint: "Put the URL into a secret environment variable of the job and write `env:NAME` here. "
                    + "Change the password too: it is in the history of the repository.")
            : ConfiguredSecret.Literal(isInFile ? FileUrl(text) : text, Node.Place);
    }

    // The file of duckdb:FILE is relative to the file it was written in, as paths are. The folder is written as URLs are.
    private string FileUrl(string url)
    {
        const string Scheme = "duckdb:";
        var isFile = url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && url[Scheme.Length..] is [not ('/' or ':' or '?' or '%'), ..];
        return isFile && Node.Place.Folder is { Length: > 0 } folder && !System.IO.Path.IsPathRooted(url[Scheme.Length..])
            ? $"{Scheme}{string.Join('/', folder.Replace('\\', '/').Split('/').Select(part => part.EndsWith(':') ? part : Uri.EscapeDataString(part)))}/{url[Scheme.Length..]}"
            : url;
    }

    /// <summary>A token: <c>env:NAME</c>. Only an environment variable may hold the token itself.</summary>
    public ConfiguredSecret Token()
    {
        var text = Text();
        return Variable(text) ?? (Node.Place.Line > 0
            ? throw new UserErrorException(
                ErrorCodes.LiteralSecret,
                $"{Node.Place}: '{Key}' holds a token.",
                hint: "Put it into a secret environment variable of the job and write `env:NAME` here. Revoke it too: it is in the history of the repository.")
            : ConfiguredSecret.Literal(text, Node.Place));
    }

    /// <summary>A span of time, or the word none.</summary>
    public TimeLimit TimeLimit() => Node is ConfigNode.Scalar { Value: "none" }
        ? new TimeLimit(null)
        : Node is ConfigNode.Scalar scalar && Durations.TryReadSeconds(scalar.Value) is >= 1 and var seconds
            ? new TimeLimit(TimeSpan.FromSeconds((double)seconds))
            : throw Wrong("a time of at least 1s, such as 90s, 10m or 1h, or none");

    /// <summary>Keys and values.</summary>
    /// <param name="expected">For the message: "a mapping of columns to tolerances".</param>
    public ConfigNode.Mapping Mapping(string expected) => Node as ConfigNode.Mapping ?? throw Wrong(expected);

    /// <summary>The error for a value that is not what its key takes.</summary>
    public UserErrorException Wrong(string expected, string? hint = null) =>
        Invalid($"'{Key}' takes {expected}, not {Node.Describe()}", hint);

    /// <summary>The error for a value that its key does not take.</summary>
    /// <param name="sentence">What is wrong, without the place and without a period.</param>
    /// <param name="hint">What to try.</param>
    public UserErrorException Invalid(string sentence, string? hint = null) =>
        new(ErrorCodes.InvalidValue, $"{Node.Place}: {sentence}.", hint ?? "docs/configuration.md lists what every key takes.");

    /// <summary>The error for a key that does not exist.</summary>
    /// <param name="entry">The key.</param>
    /// <param name="within">The section it stands in; empty at the top.</param>
    /// <param name="known">The keys that exist there.</param>
    public static UserErrorException UnknownKey(ConfigEntry entry, string within, IReadOnlyList<string> known) => new(
        ErrorCodes.UnknownKey,
        within.Length == 0
            ? $"{entry.Place}: There is no key '{entry.Key}'."
            : $"{entry.Place}: '{within}' has no key '{entry.Key}'.",
        Spelling.Hint(entry.Key, known));

    private ConfiguredSecret? Variable(string text)
    {
        if (!text.StartsWith("env:", StringComparison.Ordinal))
        {
            return null;
        }

        var name = text["env:".Length..];
        return VariableName().IsMatch(name)
            ? ConfiguredSecret.FromVariable(name, Environment.GetValueOrDefault(name), Node.Place)
            : throw Wrong("env: and the name of an environment variable");
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();

    // user:password@ before the host, or a parameter that is named like a secret.
    [GeneratedRegex(
        @"://[^?#]*:[^?#]*@|(^|[?&; ])[a-z_]*(password|passwd|pwd|token|secret|private_key|passphrase|keyfile_json)[a-z_]*\s*=",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Credentials();
}

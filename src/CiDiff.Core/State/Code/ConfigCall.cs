using System.Text.Json;

namespace CiDiff.State.Code;

/// <summary>The <c>config(…)</c> call of a model, as it is written.</summary>
internal sealed class ConfigCall
{
    private static readonly ConfigCall None = new([]);

    // How SqlTokenizer writes the tag.
    private static readonly string Opening =
        SqlTokenizer.TextOf([new JinjaToken(JinjaTokenKind.Word, "config"), new JinjaToken(JinjaTokenKind.Sign, "(")]);

    private readonly Dictionary<string, IReadOnlyList<JinjaToken>> _arguments;

    private ConfigCall(Dictionary<string, IReadOnlyList<JinjaToken>> arguments) => _arguments = arguments;

    /// <summary>Reads the first call in a template; without one, or when the template cannot be read, it has no arguments.</summary>
    public static ConfigCall In(string code)
    {
        if (!code.Contains("config(", StringComparison.Ordinal))
        {
            return None;
        }

        try
        {
            foreach (var tag in TemplateTag.All(code))
            {
                if (tag.Kind != TemplateTagKind.Comment && Find(JinjaToken.Tokenize(tag.Inside(code).ToString())) is { } call)
                {
                    return call;
                }
            }
        }
        catch (FormatException)
        {
            // dbt would have refused the file; whoever wrote this manifest did not, and nothing can be said of its config.
        }

        return None;
    }

    /// <summary>Whether a piece of SQL is a tag with nothing but the call in it.</summary>
    public static bool Is(SqlToken token) => token.Kind == SqlTokenKind.Tag && token.Text.StartsWith(Opening, StringComparison.Ordinal);

    /// <summary>Whether the call has this argument.</summary>
    public bool Has(string key) => _arguments.ContainsKey(key);

    /// <summary>Whether both calls have the argument and give it the same expression.</summary>
    public bool HasSame(string key, ConfigCall other) =>
        _arguments.TryGetValue(key, out var mine) && other._arguments.TryGetValue(key, out var others) && mine.SequenceEqual(others);

    /// <summary>The value of an argument that is a plain text; null for any other expression.</summary>
    public string? TextOf(string key) =>
        _arguments.TryGetValue(key, out var tokens) && tokens is [{ Kind: JinjaTokenKind.Text } text] ? text.Value : null;

    /// <summary>Whether a value in a manifest can be the source of the argument, and not what it rendered to.</summary>
    /// <remarks>From 1.12 on dbt writes a plain text as it is, and rebuilds every other expression from its parts.</remarks>
    public bool IsSource(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && _arguments.TryGetValue(key, out var tokens)
        && (TextOf(key) is { } text
            ? value.GetString() == text
            : tokens.Where(token => token.Kind != JinjaTokenKind.Sign).All(
                token => IsOperator(token) || value.GetString()!.Contains(token.Value, StringComparison.OrdinalIgnoreCase)));

    // In a syntax tree, these have other names.
    private static bool IsOperator(JinjaToken token) => token.Value is "if" or "else" or "and" or "or" or "not" or "in" or "is";

    private static ConfigCall? Find(IReadOnlyList<JinjaToken> tokens)
    {
        for (var at = 0; at + 1 < tokens.Count; at++)
        {
            if (tokens[at] is { Kind: JinjaTokenKind.Word, Value: "config" }
                && tokens[at + 1].Value == "("
                && (at == 0 || tokens[at - 1].Value != "."))
            {
                return new ConfigCall(ReadArguments(tokens, at + 2));
            }
        }

        return null;
    }

    private static Dictionary<string, IReadOnlyList<JinjaToken>> ReadArguments(IReadOnlyList<JinjaToken> tokens, int at)
    {
        var arguments = new Dictionary<string, IReadOnlyList<JinjaToken>>(StringComparer.Ordinal);
        var depth = 0;
        var argument = new List<JinjaToken>();
        for (; at < tokens.Count && depth >= 0; at++)
        {
            var isSign = tokens[at].Kind == JinjaTokenKind.Sign;
            depth += isSign ? tokens[at].Value switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 } : 0;
            if (depth < 0 || (depth == 0 && isSign && tokens[at].Value == ","))
            {
                if (argument is [{ Kind: JinjaTokenKind.Word } name, { Kind: JinjaTokenKind.Sign, Value: "=" }, ..])
                {
                    arguments[name.Value] = argument[2..];
                }

                argument = [];
            }
            else
            {
                argument.Add(tokens[at]);
            }
        }

        return arguments;
    }
}

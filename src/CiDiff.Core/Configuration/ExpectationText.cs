using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CiDiff.Configuration;

/// <summary>Expectations as they are written: <c>changed_rows &lt;= 5%</c>, and in commit messages
/// <c>cidiff expect changed_rows &lt;= 5% in orders</c>.</summary>
public static partial class ExpectationText
{
    // Anyone may write a commit message, and the pattern takes quadratic time.
    private const int MaximumLine = 1000;

    private const string Form = "an expectation such as 'changed_rows <= 5%'";

    /// <summary>Finds the expectations in the messages of commits.</summary>
    /// <param name="messages">Whole messages, oldest first.</param>
    /// <returns>The expectations in the order in which they were written, and a sentence for every line that begins like one and is none:
    /// what it says would otherwise be lost without a word.</returns>
    public static (IReadOnlyList<Expectation> Expectations, IReadOnlyList<string> Notes) FindInMessages(IEnumerable<string> messages)
    {
        var expectations = new List<Expectation>();
        var notes = new List<string>();
        foreach (var line in messages.SelectMany(message => message.Split('\n')))
        {
            if (line.Length > MaximumLine || MessageLine().Match(line) is not { Success: true } match)
            {
                continue;
            }

            var models = match.Groups["models"] is { Success: true } group ? group.Value : Expectation.EveryModel;
            if (TryParse(match.Groups["expectation"].Value, models, "commit message", out var problem) is { } expectation)
            {
                expectations.Add(expectation);
            }
            else
            {
                notes.Add($"The commit message line '{line.Trim()}' has no effect: {problem}.");
            }
        }

        return (expectations, notes);
    }

    /// <summary>Reads <c>expect</c>: an expectation, a list of them, or a mapping of rules to what follows the rule.</summary>
    internal static IReadOnlyList<Expectation> Read(ConfigValue value) => value.Node switch
    {
        ConfigNode.Scalar scalar => [Parse(scalar.Value, value)],
        ConfigNode.Sequence sequence =>
            [.. sequence.Items.SelectMany((item, index) => Read(value with { Key = $"{value.Key}[{index}]", Node = item }))],
        ConfigNode.Mapping mapping => [.. mapping.Entries.SelectMany(entry => ReadRule(entry, value.Key))],
        _ => throw value.Wrong(Form),
    };

    // changed_rows: "<= 5%", changed_rows: 5%, or changed_rows: [">= 1%", "<= 5%"]
    private static IEnumerable<Expectation> ReadRule(ConfigEntry entry, string key)
    {
        if (RuleName.Find(entry.Key) is null)
        {
            throw ConfigValue.UnknownKey(entry, key, RuleName.Known);
        }

        var value = new ConfigValue($"{key}.{entry.Key}", entry.Value);
        return value.Texts()
            .Select(text => Parse(StartsWithSign().IsMatch(text) ? $"{entry.Key} {text}" : $"{entry.Key} <= {text}", value));
    }

    private static Expectation Parse(string text, ConfigValue value) =>
        TryParse(text, models: null, value.Node.Place.SourceAndLine, out var problem)
        ?? throw value.Invalid($"'{text}' is no expectation: {problem}", $"Write {Form}.");

    private static Expectation? TryParse(string text, string? models, string origin, out string problem)
    {
        var match = RuleSignValue().Match(text);
        if (!match.Success)
        {
            problem = "it has to be a rule, one of <= < >= > =, and a value";
            return null;
        }

        var name = match.Groups["rule"].Value;
        if (RuleName.Find(name) is not { } rule)
        {
            problem = $"there is no rule '{name}'. {Spelling.Hint(name, RuleName.Known).TrimEnd('.')}";
            return null;
        }

        if (rule.IsYesOrNo)
        {
            problem = $"'{rule}' cannot be expected";
            return null;
        }

        if (RuleText.TryThreshold(rule, match.Groups["value"].Value) is not { } threshold)
        {
            problem = $"'{rule}' is measured as {RuleText.Example(rule)}";
            return null;
        }

        problem = "";
        return new Expectation(rule, ReadSign(match.Groups["sign"].Value), threshold, models, origin);
    }

    private static Comparison ReadSign(string sign) => sign switch
    {
        "<=" => Comparison.AtMost,
        "<" => Comparison.LessThan,
        ">=" => Comparison.AtLeast,
        ">" => Comparison.MoreThan,
        "=" or "==" => Comparison.Exactly,
        _ => throw new UnreachableException(),
    };

    [GeneratedRegex(
        @"^\s*/?cidiff:?\s+expect\s+(?<expectation>.*?)(\s+in\s+(?<models>\S+))?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex MessageLine();

    [GeneratedRegex(@"^\s*(?<rule>[^\s<>=]+)\s*(?<sign><=|<|>=|>|==|=)\s*(?<value>[^\s<>=].*?)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex RuleSignValue();

    [GeneratedRegex(@"^\s*[<>=]")]
    private static partial Regex StartsWithSign();
}

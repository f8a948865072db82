using System.CommandLine;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Profiles;
using CiDiff.Selection;

namespace CiDiff.Cli.Options;

/// <summary>Everything that <c>compare</c> takes.</summary>
internal sealed class CompareOptions
{
    private readonly Argument<string> _base = new("BASE")
    {
        Description = "A relation (schema.table), or a query in parentheses: what it was",
    };

    private readonly Argument<string> _head = new("HEAD")
    {
        Description = "A relation (schema.table), or a query in parentheses: what it became",
    };

    private readonly Option<string[]> _key = new("--key", "-k")
    {
        Description = "Columns that tell rows apart, separated by commas [default: none; rows are compared as a multiset]",
        HelpName = "COL[,COL]",
    };

    private readonly Option<string?> _where = new("--where", "-w")
    {
        Description = "A condition for both sides",
        HelpName = "SQL",
    };

    private readonly Option<string[]> _columns = new("--columns")
    {
        Description = "Only these columns, and the key",
        HelpName = "COL[,COL]",
    };

    private readonly Option<string[]> _excludeColumns = new("--exclude-columns")
    {
        Description = "Not these columns",
        HelpName = "COL[,COL]",
    };

    private readonly Option<string[]> _tolerance = new("--tolerance")
    {
        Description = "How far values of a column, or of a type (type:float=1e-9), may be apart and still count as equal: a number, a percentage, a time such as 2s, or words such as ignore_case; may be repeated",
        HelpName = "COL=0.01|1%|WORD",
    };

    private readonly StrategyOption _strategy = new();
    private readonly SampleOption _sample = new();

    private readonly Option<int> _samples = new("--samples")
    {
        Description = "How many example rows of each kind to show",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string?> _timeColumn = new("--time-column")
    {
        Description = "A date or timestamp: count the rows that differ by hour, day, week, month or year",
        HelpName = "COL",
    };

    private readonly TimeoutOption _timeout = new();
    private readonly InsightOptions _insights = new();
    private readonly ConnectionOptions _connection = new();
    private readonly OutputOptions _output = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _base.RejectOptions();
        _head.RejectOptions();
        _samples.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number is < 0 or > 1000))
            {
                result.AddError($"--samples takes a number from 0 to 1000, not '{token.Value}'.");
            }
        });
        command.Add(_base);
        command.Add(_head);
        command.Add(_key);
        command.Add(_where);
        command.Add(_columns);
        command.Add(_excludeColumns);
        command.Add(_tolerance);
        _sample.AddTo(command);
        _strategy.AddTo(command);
        command.Add(_samples);
        command.Add(_timeColumn);
        _timeout.AddTo(command);
        _insights.AddTo(command);
        _connection.AddTo(command);
        _output.AddTo(command);
    }

    /// <summary>BASE and HEAD as given.</summary>
    public Sides<string> Sources(ParseResult parsed) => new(parsed.GetRequiredValue(_base), parsed.GetRequiredValue(_head));

    /// <summary>The key as given; empty for none.</summary>
    public IReadOnlyList<KeyCandidate> Keys(ParseResult parsed) =>
        parsed.GetValue(_key) is { Length: > 0 } words ? [new KeyCandidate(Columns(_key, words, "order_id", "compare without a key"), KeySource.Explicit)] : [];

    // An empty variable in a pipeline must not turn a comparison by key into one without, or one of some columns into one of all.
    private static List<string> Columns(Option option, string[] words, string example, string without)
    {
        var columns = words.SelectMany(Split).Select(word => Unquoted(word.Trim())).ToList();
        return columns.Contains("") || columns.Distinct(StringComparer.Ordinal).Count() < columns.Count
            ? throw new UserErrorException(
                ErrorCodes.InvalidCommandLine,
                $"{option.Name} '{string.Join(',', words)}' names {(columns.Contains("") ? "an empty column" : "a column twice")}.",
                $"Write {option.Name} {example} or {option.Name} {example},line_number; leave the option out to {without}.")
            : columns;
    }

    // At commas that are not a part of a quoted name.
    private static List<string> Split(string words)
    {
        var (parts, start, isQuoted) = (new List<string>(), 0, false);
        for (var place = 0; place < words.Length; place++)
        {
            isQuoted ^= words[place] == '"' && words.AsSpan(start).TrimStart() is ['"', ..]; // elsewhere it is a part of the name
            if (words[place] == ',' && !isQuoted)
            {
                parts.Add(words[start..place]);
                start = place + 1;
            }
        }

        parts.Add(words[start..]);
        return parts;
    }

    private static string Unquoted(string name) => name is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    /// <summary>Filter, columns, tolerances, sampling, strategy and samples.</summary>
    public CompareRules Rules(ParseResult parsed) => new()
    {
        Filter = parsed.GetValue(_where) is { } where ? new ConfiguredSql(where, "--where") : null,
        IncludeColumns = parsed.GetValue(_columns) is { Length: > 0 } included ? Columns(_columns, included, "amount", "compare all columns") : null,
        ExcludeColumns = parsed.GetValue(_excludeColumns) is { Length: > 0 } excluded ? Columns(_excludeColumns, excluded, "amount", "compare all columns") : [],
        Tolerances = ByColumn(parsed.GetValue(_tolerance) ?? []),
        Timeout = _timeout.Time(parsed),
        Sampling = _sample.Sampling(parsed),
        Strategy = _strategy.Strategy(parsed),
        Samples = parsed.GetValue(_samples),
        TimeColumn = Names([parsed.GetValue(_timeColumn) ?? ""]).FirstOrDefault(),
        Attribution = !_insights.NoAttribution(parsed),
        ColumnProfiles = _insights.ColumnProfiles(parsed),
        IsOfOptions = true,
    };

    /// <summary>The URL of each side; null for the profile.</summary>
    public Sides<ConfiguredSecret?> Urls(ParseResult parsed) => _connection.Read(parsed).Urls
        .Map(url => url is null ? null : ConfiguredSecret.FromCommandLine(url));

    /// <summary>Where the profile is looked for.</summary>
    public ProfileRequest Profile(ParseResult parsed, CliHost host)
    {
        var flags = _connection.Read(parsed);
        return new ProfileRequest
        {
            WorkingDirectory = host.WorkingDirectory,
            Environment = host.Environment.Variables,
            ProjectDirectory = Full(flags.ProjectDir),
            ProfilesDirectory = Full(flags.ProfilesDir),
            Profile = flags.Profile,
            Target = flags.Target,
        };

        string? Full(string? path) => path is null ? null : Path.GetFullPath(path, host.WorkingDirectory);
    }

    /// <summary>How much is told, and how.</summary>
    public OutputFlags Output(ParseResult parsed) => _output.Read(parsed);

    private static List<string> Names(string[]? words) =>
        [.. (words ?? []).SelectMany(Split).Select(word => word.Trim()).Where(word => word.Length > 0).Select(Unquoted)];

    private static Dictionary<string, Tolerance> ByColumn(IEnumerable<string> texts)
    {
        var tolerances = new Dictionary<string, Tolerance>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in texts)
        {
            var (column, tolerance) = Tolerance(text);
            if (!tolerances.TryAdd(column, tolerance))
            {
                throw new UserErrorException(
                    ErrorCodes.InvalidCommandLine,
                    $"--tolerance is given twice for '{column}'.",
                    "Give each column one; a distance and words can stand together: --tolerance 'amount=0.01, null_equals_empty'.");
            }
        }

        return tolerances;
    }

    private static (string Column, Tolerance Tolerance) Tolerance(string text)
    {
        // The last sign, since a column's name may have one too.
        var sign = text.LastIndexOf('=');
        if (sign <= 0)
        {
            throw new UserErrorException(
                ErrorCodes.InvalidCommandLine,
                $"--tolerance '{text}' is not of the form COL=AMOUNT.",
                "Write --tolerance amount=0.01, --tolerance amount=1%, --tolerance updated_at=2s, --tolerance email=ignore_case or --tolerance type:float=1e-9.");
        }

        var (key, amount) = (text[..sign].Trim(), text[(sign + 1)..]);
        if (!ToleranceText.IsKey(key))
        {
            throw new UserErrorException(
                ErrorCodes.InvalidCommandLine,
                $"--tolerance '{text}' names a type that has no tolerance.",
                $"After '{ToleranceText.TypePrefix}' comes one of {string.Join(", ", ToleranceText.Types)}.");
        }

        return ToleranceText.TryParse(amount) is { } tolerance
            ? (Unquoted(key), tolerance)
            : throw new UserErrorException(
                ErrorCodes.InvalidCommandLine, $"--tolerance '{text}': '{amount}' is no tolerance.", $"What stands behind the = is {ToleranceText.Forms}.");
    }
}

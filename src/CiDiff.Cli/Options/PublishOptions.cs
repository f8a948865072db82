using System.CommandLine;
using CiDiff.Configuration;
using CiDiff.Git;

namespace CiDiff.Cli.Options;

/// <summary>Where <c>cidiff publish</c> posts, when the job itself does not say.</summary>
internal sealed class PublishOptions
{
    private readonly Option<string?> _to = new("--to")
    {
        Description = "The host to post to [default: the one that runs the job]",
        HelpName = "auto|github|gitlab|bitbucket|azure",
    };

    private readonly Option<long?> _number = new("--pull-request")
    {
        Description = "The number of the pull request [default: the job's, or on GitHub the one that is at the commit]",
        HelpName = "NUMBER",
    };

    private readonly Option<string?> _commit = new("--commit")
    {
        Description = "The commit that the run is of [default: the job's]",
        HelpName = "SHA",
    };

    private readonly Option<string?> _repository = new("--repository")
    {
        Description = "The repository, as its host names it: owner/name [default: the job's]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _api = new("--api-url")
    {
        Description = "The root of the host's REST API [default: the job's]",
        HelpName = "URL",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "What tells this run's comment and status from others in the pull request [default: the dbt project's folder]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The configuration [default: cidiff.yml in the working directory or the repository's root]",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _to.AcceptOnlyFromAmong("auto", "github", "gitlab", "bitbucket", "azure");
        _commit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsCommit(text))
            {
                result.AddError($"--commit takes a whole commit id, not '{text}'.");
            }
        });
        _number.Validators.Add(result =>
        {
            // What is no number at all is told by the parser.
            if (result.Tokens is [var token] && long.TryParse(token.Value, out var number) && number <= 0)
            {
                result.AddError("--pull-request takes a number above 0.");
            }
        });
        _api.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            {
                result.AddError($"--api-url takes an address such as https://api.github.com, not '{text}'.");
            }
        });
        foreach (var option in (Option[])[_to, _number, _commit, _repository, _api, _name, _config])
        {
            command.Add(option);
        }
    }

    /// <summary>The name as given; null when not given.</summary>
    public string? Name(ParseResult parsed) => parsed.GetValue(_name);

    /// <summary>What was given, over what the job knows.</summary>
    public PullRequestContext Overlay(ParseResult parsed, PullRequestContext job)
    {
        var isGiven = parsed.GetValue(_number) is not null;
        return job with
        {
            Number = parsed.GetValue(_number) ?? job.Number,

            // A job that was started by something else is at a commit of its own.
            HeadCommit = parsed.GetValue(_commit) ?? (isGiven && job.Number is null && job.Event != "workflow_run" ? null : job.HeadCommit),
            Repository = parsed.GetValue(_repository) ?? job.Repository,
            ApiUrl = parsed.GetValue(_api) is { } url ? new Uri(url.TrimEnd('/')) : job.ApiUrl ?? DefaultApi(parsed.GetValue(_to)),
        };
    }

    /// <summary>Flags over environment variables over <c>cidiff.yml</c> over defaults; in a pull request's job the base branch's file, as in a run.</summary>
    public Task<CiDiffConfig> ConfigurationAsync(ParseResult parsed, CliHost host, PullRequestContext job, CancellationToken cancellationToken)
    {
        var named = parsed.GetValue(_config) ?? (host.Environment.Variables.GetValueOrDefault("CIDIFF_CONFIG") is { Length: > 0 } variable ? variable : null);
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(_to) is { } to)
        {
            flags["publish.to"] = to;
        }

        return RunConfiguration.ReadAsync(
            host,
            new RunConfiguration.Place(
                named is null ? null : Path.GetFullPath(named, host.WorkingDirectory), [host.WorkingDirectory, job.Root], RunOptions.ConfigFrom(null, host)),
            job,
            (file, inBase) => ConfigLayers.Resolve(file, host.Environment.Variables, flags, inBase),
            cancellationToken);
    }

    private static Uri? DefaultApi(string? to) => to switch
    {
        "github" => new Uri("https://api.github.com"),
        "gitlab" => new Uri("https://gitlab.com/api/v4"),
        "bitbucket" => new Uri("https://api.bitbucket.org/2.0"),
        _ => null,
    };

    private static bool IsCommit(string text) => text.Length is >= 40 and <= 64 && text.All(char.IsAsciiHexDigitLower);
}

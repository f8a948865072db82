using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>How the warehouse is reached: by a dbt profile, or by URL.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _projectDir = new("--project-dir")
    {
        Description = "Folder of dbt_project.yml [default: this folder or the nearest above it that has one]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _profilesDir = new("--profiles-dir")
    {
        Description = "Folder of profiles.yml [default: as dbt looks for it]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "Profile to connect with [default: the project's]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _target = new("--target", "-t")
    {
        Description = "Target of the profile [default: the profile's]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _url = new("--url")
    {
        Description = "Connection for both sides instead of a profile, such as duckdb:shop.duckdb or postgresql://user@host/database",
        HelpName = "URL",
    };

    private readonly Option<string?> _baseUrl = new("--base-url")
    {
        Description = "Connection for base instead of a profile",
        HelpName = "URL",
    };

    private readonly Option<string?> _headUrl = new("--head-url")
    {
        Description = "Connection for head instead of a profile",
        HelpName = "URL",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_projectDir);
        command.Add(_profilesDir);
        command.Add(_profile);
        command.Add(_target);
        command.Add(_url);
        command.Add(_baseUrl);
        command.Add(_headUrl);
    }

    /// <summary>What was given.</summary>
    public ConnectionFlags Read(ParseResult parsed)
    {
        var url = parsed.GetValue(_url);
        return new ConnectionFlags(
            parsed.GetValue(_projectDir),
            parsed.GetValue(_profilesDir),
            parsed.GetValue(_profile),
            parsed.GetValue(_target),
            new Sides<string?>(parsed.GetValue(_baseUrl) ?? url, parsed.GetValue(_headUrl) ?? url));
    }
}

/// <summary>The connection part of a command line; null where not given.</summary>
internal sealed record ConnectionFlags(
    string? ProjectDir,
    string? ProfilesDir,
    string? Profile,
    string? Target,
    Sides<string?> Urls);

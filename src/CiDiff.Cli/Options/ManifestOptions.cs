using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>Where both manifests are.</summary>
internal sealed class ManifestOptions
{
    private readonly Option<string?> _base = new("--base")
    {
        Description = "Production's manifest.json, or the folder it is in",
        HelpName = "DIR|FILE",
    };

    private readonly Option<string?> _head = new("--head")
    {
        Description = "The pull request's manifest.json, or the folder it is in",
        HelpName = "DIR|FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="required">There is no configuration that could name them.</param>
    /// <param name="isConfigured">Without them the configuration names both.</param>
    public void AddTo(Command command, bool required, bool isConfigured = false)
    {
        if (isConfigured)
        {
            _base.Description += " [default: base in cidiff.yml, or prod-artifacts]";
            _head.Description += " [default: head in cidiff.yml, or target]";
        }

        _base.Required = required;
        _head.Required = required;
        command.Add(_base);
        command.Add(_head);
    }

    /// <summary>Both paths as given; null where not given.</summary>
    public Sides<string?> Read(ParseResult parsed) => new(parsed.GetValue(_base), parsed.GetValue(_head));
}

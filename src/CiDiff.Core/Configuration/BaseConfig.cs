namespace CiDiff.Configuration;

/// <summary>The configuration file of the base branch. A pull request is judged by it: it cannot loosen the rules that it has to keep.</summary>
/// <param name="File">Its path, as that of the working copy's file would be; relative paths in it are relative to it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Branch">The branch, for people.</param>
public sealed record BaseConfig(string File, string Text, string Branch)
{
    /// <summary>The sections that the base branch decides. A rule can stand in <c>models</c> too.</summary>
    public static readonly IReadOnlyList<string> Sections = ["rules", "protect", "privacy", "connection", "publish", "models"];

    // What a pull request decides for itself, and what can keep models out of its report: told, so that a reviewer sees it.
    private static readonly string[] OwnSections = ["selection", "triggers"];

    private const int LongestValue = 80;

    private string Name => $"{System.IO.Path.GetFileName(File)} of {Branch}";

    /// <summary>Puts this branch's sections into a configuration.</summary>
    /// <param name="head">What the pull request's file says, over the defaults.</param>
    /// <param name="headText">The text of that file; null when the pull request has none.</param>
    /// <param name="environment">Where <c>env:NAME</c> is looked up.</param>
    /// <exception cref="Errors.UserErrorException">The base branch's file is wrong; the message names it.</exception>
    internal CiDiffConfig Over(CiDiffConfig head, string? headText, IReadOnlyDictionary<string, string> environment)
    {
        var place = new ConfigPlace(Name, Folder: System.IO.Path.GetDirectoryName(File) ?? "");
        var inBase = ConfigReader.Read(Text, place, CiDiffConfig.Default, environment);
        return head with
        {
            Rules = inBase.Rules,
            Protect = inBase.Protect,
            Values = inBase.Values,
            Connection = inBase.Connection,
            Publish = inBase.Publish,
            Models = inBase.Models,
            Notes = [.. head.Notes, .. Changes(headText)],
        };
    }

    private IEnumerable<string> Changes(string? headText)
    {
        if (headText is null)
        {
            return [$"This pull request has no {System.IO.Path.GetFileName(File)}; what {Branch}'s says about {string.Join(", ", Sections)} holds until it is merged."];
        }

        var sides = new Sides<string>(Text, headText).Map(text => YamlText.Parse(text, new ConfigPlace(Name)) as ConfigNode.Mapping);
        return
            from section in Sections.Concat(OwnSections)
            let nodes = sides.Map(mapping => mapping?.Find(section))
            where Written(nodes.Base) != Written(nodes.Head)
            from change in section switch
            {
                // The whole list, or what may hold the address of a server, is named and not shown.
                "models" => [section],
                "connection" => KeysThatDiffer(nodes).Select(key => $"{section}.{key}"),
                _ => KeysThatDiffer(nodes).Select(key => $"{section}.{key} ({Shown(ValueOf(nodes.Base, key))} in {Branch}, {Shown(ValueOf(nodes.Head, key))} here)"),
            }
            select $"This pull request changes {change} in {System.IO.Path.GetFileName(File)}; {(OwnSections.Contains(section) ? "that holds here already" : $"{Branch}'s holds until it is merged")}.";
    }

    private static IEnumerable<string> KeysThatDiffer(Sides<ConfigNode?> nodes) =>
        KeysOf(nodes.Base).Concat(KeysOf(nodes.Head))
            .Distinct(StringComparer.Ordinal)
            .Where(key => Written(ValueOf(nodes.Base, key)) != Written(ValueOf(nodes.Head, key)));

    private static IEnumerable<string> KeysOf(ConfigNode? node) => node is ConfigNode.Mapping mapping ? mapping.Entries.Select(entry => entry.Key) : [];

    private static ConfigNode? ValueOf(ConfigNode? node, string key) => (node as ConfigNode.Mapping)?.Find(key);

    private static string Shown(ConfigNode? node) => node is null or ConfigNode.Null
        ? "the default"
        : Written(node) is { Length: <= LongestValue } text ? text : "another value";

    // As flow YAML; without places, quotes and order of keys, which mean nothing here.
    private static string Written(ConfigNode? node) => node switch
    {
        ConfigNode.Scalar scalar => scalar.Value,
        ConfigNode.Sequence sequence => $"[{string.Join(", ", sequence.Items.Select(Written))}]",
        ConfigNode.Mapping mapping =>
            $"{{{string.Join(", ", mapping.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}: {Written(entry.Value)}"))}}}",
        _ => "",
    };
}

/// <summary>Whose <c>cidiff.yml</c> the pull request is judged by.</summary>
public enum ConfigSource
{
    /// <summary>The base branch's, where it has one.</summary>
    Base,

    /// <summary>The pull request's own.</summary>
    Head,
}

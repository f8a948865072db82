using System.Globalization;
using System.Text.Json;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.State;

namespace CiDiff.Selection;

/// <summary>dbt's selector methods: each turns a criterion into a condition on one resource.</summary>
/// <remarks>https://docs.getdbt.com/reference/node-selection/methods (read November 2026)</remarks>
internal sealed class SelectorMethods(Manifest manifest, StateComparison? state)
{
    private static readonly Dictionary<string, Func<SelectorMethods, SelectorTerm, Func<ManifestNode, bool>>> Methods =
        new(StringComparer.Ordinal)
        {
            ["access"] = (_, term) => node => node.ResourceType == "model" && (node.Access ?? "protected") == term.Value,
            ["config"] = (_, term) => Config(term),
            ["exposure"] = (_, term) => Named(term, ManifestSection.Exposures),
            ["file"] = (_, term) => InFile(term),
            ["fqn"] = (_, term) => new FqnPattern(term.Value).IsMatch,
            ["group"] = (_, term) => InGroup(term),
            ["metric"] = (_, term) => Named(term, ManifestSection.Metrics),
            ["package"] = (methods, term) => methods.InPackage(term),
            ["path"] = (methods, term) => methods._paths.Value.Matching(term.Value),
            ["resource_type"] = (_, term) => OfType(term),
            ["result"] = (_, term) => throw Unsupported(term, "needs the run_results.json of an earlier run"),
            ["saved_query"] = (_, term) => Named(term, ManifestSection.SavedQueries),
            ["selector"] = (_, term) => throw Unsupported(term, "needs the project's selectors.yml"),
            ["semantic_model"] = (_, term) => Named(term, ManifestSection.SemanticModels),
            ["source"] = (_, term) => Source(term),
            ["source_status"] = (_, term) => throw Unsupported(term, "needs the sources.json of two freshness checks"),
            ["state"] = (methods, term) => methods.State(term),
            ["tag"] = (_, term) => Tagged(term),
            ["test_name"] = (_, term) => TestNamed(term),
            ["test_type"] = (_, term) => TestOfType(term),
            ["unit_test"] = (_, term) => Named(term, ManifestSection.UnitTests),
            ["version"] = (_, term) => Version(term),
        };

    // dbt's own names, those of things that are in no graph included: they are no mistake, and match nothing.
    private static readonly string[] ResourceTypes =
    [
        "analysis", "doc", "exposure", "fixture", "function", "group", "macro", "metric", "model", "operation", "rpc", "saved_query",
        "seed", "semantic_model", "snapshot", "source", "sql_operation", "test", "unit_test",
    ];

    private readonly Lazy<ProjectPaths> _paths = new(() => new ProjectPaths(manifest));

    /// <summary>The methods' names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Methods.Keys];

    /// <summary>The condition that a criterion puts on a resource, its graph operators left aside.</summary>
    /// <exception cref="UserErrorException">Its value makes no sense to the method, or the method needs what is not there.</exception>
    public Func<ManifestNode, bool> Condition(SelectorTerm term) => Methods[term.Method](this, term);

    private static Func<ManifestNode, bool> Config(SelectorTerm term) => term.Arguments.Count > 0
        ? ConfigCondition.Create(term.Arguments, term.Value)
        : throw Invalid(term, "does not say which configuration", "Write `config.materialized:view`.");

    private static Func<ManifestNode, bool> Named(SelectorTerm term, ManifestSection section)
    {
        var (package, name) = term.Value.Split('.') switch
        {
            [var only] => ("*", only),
            [var first, var second] => (first, second),
            _ => throw Invalid(term, "has too many dots", $"Write `{term.Method}:NAME` or `{term.Method}:PACKAGE.NAME`."),
        };
        var (packages, names) = (new Wildcard(package), new Wildcard(name));
        return node => node.Section == section && packages.IsMatch(node.PackageName) && names.IsMatch(node.Name);
    }

    private static Func<ManifestNode, bool> Source(SelectorTerm term)
    {
        var (package, source, table) = term.Value.Split('.') switch
        {
            [var only] => ("*", only, "*"),
            [var first, var second] => ("*", first, second),
            [var first, var second, var third] => (first, second, third),
            _ => throw Invalid(term, "has too many dots", "Write `source:SOURCE`, `source:SOURCE.TABLE` or `source:PACKAGE.SOURCE.TABLE`."),
        };
        var (packages, sources, tables) = (new Wildcard(package), new Wildcard(source), new Wildcard(table));
        return node => node.Section == ManifestSection.Sources
            && packages.IsMatch(node.PackageName)
            && sources.IsMatch(node.SourceName ?? "")
            && tables.IsMatch(node.Name);
    }

    private static Func<ManifestNode, bool> InFile(SelectorTerm term)
    {
        var pattern = new Wildcard(term.Value);
        return node =>
        {
            var name = node.OriginalFilePath[(node.OriginalFilePath.LastIndexOfAny(['/', '\\']) + 1)..];
            return pattern.IsMatch(name) || pattern.IsMatch(Path.GetFileNameWithoutExtension(name));
        };
    }

    private static Func<ManifestNode, bool> InGroup(SelectorTerm term)
    {
        var pattern = new Wildcard(term.Value);
        return node => node.Section is ManifestSection.Nodes or ManifestSection.Functions or ManifestSection.Metrics
            && (node.Config.Parse().Member("group")?.ToString() ?? node.Group) is { Length: > 0 } group
            && pattern.IsMatch(group);
    }

    private static Func<ManifestNode, bool> Tagged(SelectorTerm term)
    {
        var pattern = new Wildcard(term.Value);
        return node => TagsOf(node).Any(pattern.IsMatch);
    }

    // Unit tests have tags in their configuration only.
    private static IEnumerable<string> TagsOf(ManifestNode node) => node.Section == ManifestSection.UnitTests
        ? node.Config.Parse().Member("tags") is { ValueKind: JsonValueKind.String } single
            ? [single.ToString()]
            : node.Config.Parse().Member("tags").Items().Select(tag => tag.ToString())
        : node.Tags;

    private static Func<ManifestNode, bool> OfType(SelectorTerm term) => ResourceTypes.Contains(term.Value)
        ? node => node.ResourceType == term.Value
        : throw Invalid(term, "names no type of resource", Spelling.Hint(term.Value, ResourceTypes));

    private static Func<ManifestNode, bool> TestNamed(SelectorTerm term)
    {
        var pattern = new Wildcard(term.Value);
        return node => node.Section == ManifestSection.UnitTests
            ? pattern.IsMatch(node.Name)
            : node.IsGenericTest() && pattern.IsMatch(node.TestMetadata.Parse().Member("name")?.GetString() ?? "");
    }

    private static Func<ManifestNode, bool> TestOfType(SelectorTerm term) => term.Value switch
    {
        "generic" or "schema" => node => node.IsGenericTest(),
        "singular" => node => node.ResourceType == "test" && !node.IsGenericTest(),
        "data" => node => node.ResourceType == "test",
        "unit" => node => node.Section == ManifestSection.UnitTests,
        _ => throw Invalid(term, "names no type of test", Spelling.Hint(term.Value, ["generic", "singular", "data", "unit"])),
    };

    private static Func<ManifestNode, bool> Version(SelectorTerm term)
    {
        Func<ManifestNode, bool> condition = term.Value switch
        {
            "latest" => node => node.Version is not null && node.Version == node.LatestVersion,
            "prerelease" => node => CompareToLatest(node) > 0,
            "old" => node => CompareToLatest(node) < 0,
            "none" => node => node.Version is null,
            _ => throw Invalid(term, "names no kind of version", Spelling.Hint(term.Value, ["latest", "prerelease", "old", "none"])),
        };
        return node => node.ResourceType == "model" && condition(node);
    }

    // Versions are numbers, or else texts.
    private static int CompareToLatest(ManifestNode node)
    {
        if (node.Version is not { } version || node.LatestVersion is not { } latest)
        {
            return 0;
        }

        return TryNumber(version, out var left) && TryNumber(latest, out var right)
            ? left.CompareTo(right)
            : string.CompareOrdinal(version, latest);
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static UserErrorException Invalid(SelectorTerm term, string problem, string hint) =>
        new(ErrorCodes.InvalidSelector, $"The selector '{term.Raw}' {problem}.", hint);

    private static UserErrorException Unsupported(SelectorTerm term, string reason) =>
        new(
            ErrorCodes.UnsupportedSelectorMethod,
            $"The selector '{term.Raw}' {reason}, and CiDiff reads two manifests only.",
            "List the models with `dbt ls`, and name them.");

    private Func<ManifestNode, bool> InPackage(SelectorTerm term)
    {
        var pattern = new Wildcard(term.Value == "this" ? manifest.Metadata.ProjectName ?? term.Value : term.Value);
        return node => pattern.IsMatch(node.PackageName);
    }

    private Func<ManifestNode, bool> State(SelectorTerm term)
    {
        var isListed = StateSelectors.Find(term.Value)
            ?? throw Invalid(term, "asks for a state that dbt does not know", Spelling.Hint(term.Value, StateSelectors.All));
        var changes = (state ?? throw new UserErrorException(
            ErrorCodes.NoBaseForState,
            $"The selector '{term.Raw}' compares with production, and there is no base manifest.",
            "Name it with --base.")).Changes;
        return node => changes.TryGetValue(node.Id, out var change) && isListed(change);
    }
}

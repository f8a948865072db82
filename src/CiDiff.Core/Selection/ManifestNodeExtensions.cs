using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>What selection asks of a resource.</summary>
internal static class ManifestNodeExtensions
{
    /// <summary>A test made from a generic one, such as <c>unique</c>, by its arguments.</summary>
    public static bool IsGenericTest(this ManifestNode node) => node.ResourceType == "test" && !node.TestMetadata.IsMissing;

    /// <summary>A generic, singular or unit test.</summary>
    public static bool IsTest(this ManifestNode node) => node.ResourceType is "test" or "unit_test";

    /// <summary>What becomes a table or view: a model, seed or snapshot.</summary>
    public static bool IsModel(this ManifestNode node) => node.ResourceType is "model" or "seed" or "snapshot";

    /// <summary>A model that is pasted into the SQL of its children, and has no relation.</summary>
    public static bool IsEphemeral(this ManifestNode node) => node.Materialized == "ephemeral";

    /// <summary>Its name for people: <c>orders</c>, with the version of a versioned model <c>orders.v2</c>, and with the source of a
    /// source's table <c>landing.orders</c>.</summary>
    public static string DisplayName(this ManifestNode node) => node switch
    {
        { ResourceType: "model", Version: { } version } => $"{node.Name}.v{version}",
        { Section: ManifestSection.Sources, SourceName: { } source } => $"{source}.{node.Name}",
        _ => node.Name,
    };
}

using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>What a model's project says about its key, best first.</summary>
/// <remarks>The order is: named key, the key tag in the model's meta, in its columns' meta, in its columns' tags, uniqueness tests,
/// <c>unique_key</c>, primary key constraints, column names that look like one. Two tests are never taken together: each is a key of its
/// own, and pooling them, as dbt's own <c>primary_key</c> does, makes a key that nothing holds unique.</remarks>
public sealed class KeyInference
{
    private readonly string _keyTag;
    private readonly ILookup<UniqueId, UniquenessTest> _unique;
    private readonly HashSet<(UniqueId Model, string Column)> _notNull;

    /// <summary>Reads the tests of a manifest.</summary>
    /// <param name="manifest">The side whose tests count.</param>
    /// <param name="keyTag">The word in meta and tags that marks key columns.</param>
    public KeyInference(Manifest manifest, string keyTag)
    {
        _keyTag = keyTag;
        var tests = manifest.Nodes.Values
            .Where(node => node is { ResourceType: "test", IsEnabled: true, TestMetadata.IsMissing: false })
            .OrderBy(test => test.Id)
            .Select(test => (Model: TestedModel(test), Test: test))
            .Where(pair => pair.Model is not null)
            .ToList();

        _unique = tests
            .Select(pair => (pair.Model, Unique: UniquenessTest.Of(pair.Test)))
            .Where(pair => pair.Unique is not null)
            .ToLookup(pair => pair.Model!.Value, pair => pair.Unique!);
        _notNull = [.. tests.Where(pair => IsNotNull(pair.Test)).Select(pair => (pair.Model!.Value, Lower(pair.Test.TestColumnName ?? "")))];
    }

    /// <summary>The candidates of one model, best first; empty when nothing speaks for any.</summary>
    /// <param name="model">A model, seed or snapshot.</param>
    /// <param name="named">The key somebody named for it; null for none.</param>
    public IReadOnlyList<KeyCandidate> Candidates(ManifestNode model, IReadOnlyList<string>? named)
    {
        if (named is { Count: > 0 })
        {
            return [new KeyCandidate(named, KeySource.Explicit)];
        }

        var constraint = FromConstraints(model);
        var candidates = new List<KeyCandidate?>
        {
            FromModelMeta(model),
            FromColumns(model, KeySource.ColumnMeta, column => MetaFlag.IsSet(column.Meta, _keyTag)),
            FromColumns(model, KeySource.ColumnTags, column => column.Tags.Contains(_keyTag, StringComparer.Ordinal)),
        };

        var tested = FromTests(model).ToList();
        var certain = tested.Where(test => constraint is null || ExcludesNull(model, test)).ToList();
        candidates.AddRange(certain.Select(AsCandidate));
        candidates.Add(FromUniqueKey(model));
        candidates.Add(constraint);

        // dbt's unique test lets nulls pass. A column that may be null gives way to a constraint, which does not.
        candidates.AddRange(tested.Except(certain).Select(AsCandidate));
        candidates.AddRange(Guesses(model));
        return [.. candidates.OfType<KeyCandidate>().DistinctBy(candidate => Lower(string.Join('\0', candidate.Columns)))];
    }

    private static UniqueId? TestedModel(ManifestNode test) =>
        test.AttachedNode ?? (test.DependsOnNodes is [.., var last] ? last : null);

    private static bool IsNotNull(ManifestNode test) =>
        test.TestMetadata.Parse() is { ValueKind: JsonValueKind.Object } metadata
        && metadata.TryGetProperty("name", out var name)
        && name.GetString() is "not_null" or "expect_column_values_to_not_be_null";

    private KeyCandidate? FromModelMeta(ManifestNode model)
    {
        var meta = ConfigMember(model, "meta") is { ValueKind: JsonValueKind.Object } config && config.TryGetProperty(_keyTag, out var configured)
            ? configured
            : model.Meta.Parse() is { ValueKind: JsonValueKind.Object } own && own.TryGetProperty(_keyTag, out var given)
                ? given
                : default;
        return AsKey(Names(meta), KeySource.ModelMeta);
    }

    private static KeyCandidate? FromColumns(ManifestNode model, KeySource source, Func<ManifestColumn, bool> isKey) =>
        AsKey([.. model.Columns.Where(isKey).Select(column => KeyExpression.Unquoted(column.Name))], source);

    private IEnumerable<UniquenessTest> FromTests(ManifestNode model)
    {
        var order = model.Columns.Select((column, position) => (Name: Lower(KeyExpression.Unquoted(column.Name)), position))
            .DistinctBy(column => column.Name)
            .ToDictionary(column => column.Name, column => column.position, StringComparer.Ordinal);

        return _unique[model.Id]
            .OrderBy(test => test.IsConditional)
            .ThenBy(test => (test.Columns.Count, ExcludesNull(model, test)) switch { (1, true) => 0, (1, false) => 1, _ => 2 })
            .ThenBy(test => order.GetValueOrDefault(Lower(test.Columns[0]), int.MaxValue));
    }

    private bool ExcludesNull(ManifestNode model, UniquenessTest test) =>
        test.ExcludesNull || test.Columns.Count > 1 || test.Columns.All(column =>
            _notNull.Contains((model.Id, Lower(column)))
            || model.Columns.Any(documented => Lower(KeyExpression.Unquoted(documented.Name)) == Lower(column)
                && Constraints(documented.Constraints).Any(constraint => TypeOf(constraint) is "not_null" or "primary_key")));

    private static KeyCandidate AsCandidate(UniquenessTest test) => new(
        test.Columns,
        KeySource.UniqueTest,
        test.IsConditional ? $"test {test.Test.Name}, which looks at some rows only" : $"test {test.Test.Name}");

    private static KeyCandidate? FromUniqueKey(ManifestNode model)
    {
        var columns = Names(ConfigMember(model, "unique_key") ?? default);

        // A snapshot keeps every version of what its unique_key names; dbt tells the versions apart by this column.
        return columns.Count > 0 && model.ResourceType == "snapshot"
            ? new KeyCandidate([SnapshotKey(model)], KeySource.UniqueKey, $"dbt's own key of a snapshot; its unique_key ({string.Join(", ", columns)}) has a row per version")
            : AsKey(columns, KeySource.UniqueKey);
    }

    private static string SnapshotKey(ManifestNode snapshot) =>
        ConfigMember(snapshot, "snapshot_meta_column_names") is { ValueKind: JsonValueKind.Object } names
        && names.TryGetProperty("dbt_scd_id", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : "dbt_scd_id";

    private static KeyCandidate? FromConstraints(ManifestNode model)
    {
        foreach (var constraint in Constraints(model.Constraints).Where(constraint => TypeOf(constraint) == "primary_key"))
        {
            if (constraint.TryGetProperty("columns", out var columns) && Names(columns) is { Count: > 0 } names)
            {
                return new KeyCandidate(names, KeySource.Constraint);
            }
        }

        return FromColumns(
            model, KeySource.Constraint, column => Constraints(column.Constraints).Any(constraint => TypeOf(constraint) == "primary_key"));
    }

    private static IEnumerable<KeyCandidate> Guesses(ManifestNode model)
    {
        string[] names = [model.Name, .. Singular(model.Name)];
        string[] columns = ["id", "pk", "pkey", .. names.Select(name => $"{name}_id")];
        var byName = columns.Select(column => new KeyCandidate([column], KeySource.NameGuess, "looks like a key by its name"));

        // dbt pools every unique test into its own guess, so only a single column is worth a look.
        return model.PrimaryKey is [var hint] ? byName.Append(new KeyCandidate([hint], KeySource.NameGuess, "primary_key in the manifest")) : byName;
    }

    // fct_orders is about orders, and its key is order_id.
    private static IEnumerable<string> Singular(string model)
    {
        string[] prefixes = ["stg_", "int_", "fct_", "fact_", "dim_", "raw_", "src_", "base_"];
        var subject = prefixes.FirstOrDefault(prefix => model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } found ? model[found.Length..] : model;
        yield return subject;
        if (subject.EndsWith("ies", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{subject[..^3]}y";
        }
        else if (subject.EndsWith('s'))
        {
            yield return subject[..^1];
        }
    }

    private static JsonElement? ConfigMember(ManifestNode node, string name) =>
        node.Config.Parse() is { ValueKind: JsonValueKind.Object } config && config.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<JsonElement> Constraints(JsonFragment fragment) =>
        fragment.Parse() is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Where(constraint => constraint.ValueKind == JsonValueKind.Object)
            : [];

    private static string? TypeOf(JsonElement constraint) =>
        constraint.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static IReadOnlyList<string> Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => KeyExpression.Columns(value.GetString()!),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(item => KeyExpression.Unquoted(item.GetString()!))],
        _ => [],
    };

    private static KeyCandidate? AsKey(IReadOnlyList<string> columns, KeySource source) =>
        columns.Count == 0 ? null : new KeyCandidate(columns, source);

    private static string Lower(string name) => name.ToLowerInvariant();
}

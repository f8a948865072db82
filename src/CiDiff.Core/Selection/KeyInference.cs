using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>Finds what may be the key of a model, from what its project says about it.</summary>
/// <remarks>
/// The rules are tried in the order of <see cref="KeySource"/>, and the comparison takes the first candidate whose columns are on both
/// sides. Two tests are never taken together: each is a key of its own, and pooling them, as dbt's own <c>primary_key</c> does, makes a
/// key that nothing holds unique. A test that is disabled does not count. Some tests count less than a <c>unique_key</c> or a
/// constraint, which are meant for every row: those that look at some rows only, only warn or tolerate failures; and, next to a
/// constraint, those of a column that may be null, since dbt's <c>unique</c> lets nulls pass.
/// </remarks>
/// <param name="manifest">Whose models are asked about, and whose tests count.</param>
/// <param name="keyTag">The word in meta and tags that marks key columns.</param>
public sealed class KeyInference(Manifest manifest, string keyTag)
{
    private readonly TestIndex _tests = new(manifest);

    /// <summary>The candidates of one model, best first; a set of columns is among them once, under the first rule that names it.</summary>
    /// <param name="model">A model, seed or snapshot.</param>
    /// <param name="named">The key somebody named for it, then the only candidate; null for none.</param>
    public IReadOnlyList<KeyCandidate> Candidates(ManifestNode model, IReadOnlyList<string>? named)
    {
        if (named is { Count: > 0 })
        {
            return [new KeyCandidate(named, KeySource.Explicit)];
        }

        var constraints = Constraints(model).ToArray();
        var tests = UniqueTests(model, mayBeNull: constraints.Length == 0).ToArray();
        IEnumerable<KeyCandidate> all =
        [
            .. ModelMeta(model),
            .. Candidate(model.Columns.Where(column => MetaFlag.IsSet(column.Meta, keyTag)), KeySource.ColumnMeta),
            .. Candidate(model.Columns.Where(column => column.Tags.Contains(keyTag)), KeySource.ColumnTags),
            .. tests.Where(test => test.IsFirm).Select(test => test.Candidate),
            .. UniqueKey(model),
            .. constraints,
            .. tests.Where(test => !test.IsFirm).Select(test => test.Candidate),
            .. Guesses(model),
        ];
        return [.. all.DistinctBy(ColumnSet, StringComparer.OrdinalIgnoreCase)];
    }

    private static string ColumnSet(KeyCandidate candidate) =>
        string.Join('\0', candidate.Columns.Order(StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<KeyCandidate> Candidate(IEnumerable<ManifestColumn> columns, KeySource source) =>
        Candidate(columns.Select(column => Unquoted(column.Name)), source);

    // Some people put the warehouse's quotes into YAML.
    private static string Unquoted(string name) =>
        name is ['"' or '`' or '[', ..] && ColumnExpression.Columns(name) is [var single] ? single : name;

    private static IEnumerable<KeyCandidate> Candidate(IEnumerable<string> columns, KeySource source, string? detail = null)
    {
        string[] list = [.. columns.Distinct(StringComparer.OrdinalIgnoreCase)];
        return list.Length == 0 ? [] : [new KeyCandidate(list, source, detail)];
    }

    private IEnumerable<KeyCandidate> ModelMeta(ManifestNode model)
    {
        var marked = model.Config.Parse().Member("meta").Member(keyTag) ?? model.Meta.Parse().Member(keyTag);
        return Candidate(TextsOf(marked).SelectMany(ColumnExpression.Columns), KeySource.ModelMeta);
    }

    // A single column that is never null, then a single column, then a combination. Among equals the one that is called like a key,
    // then the one that stands first in the documentation: identifiers stand before e-mail addresses.
    private IEnumerable<(bool IsFirm, KeyCandidate Candidate)> UniqueTests(ManifestNode model, bool mayBeNull)
    {
        var tests = _tests.Of(model.Id).Select(UniquenessTest.Read).OfType<UniquenessTest>().ToArray();
        var notNull = tests.Where(test => test is { IsNotNull: true, Weakness: null }).SelectMany(test => test.Columns)
            .Concat(model.Columns.Where(IsConstrainedNotNull).Select(column => Unquoted(column.Name)))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = KeyNames.Guesses(model.Name).ToList();
        var documented = model.Columns.Select(column => Unquoted(column.Name)).ToList();
        return
            from test in tests
            where test.IsUnique
            let isSingle = test.Columns.Count == 1
            let isNotNull = test.Columns.All(notNull.Contains)
            orderby isSingle ? 0 : 1,
                isNotNull ? 0 : 1,
                test.Columns.Count,
                isSingle ? Rank(names, test.Columns[0]) : 0,
                isSingle ? Rank(documented, test.Columns[0]) : 0
            select (
                test.Weakness is null && (isNotNull || !isSingle || mayBeNull),
                new KeyCandidate(
                    test.Columns,
                    KeySource.UniqueTest,
                    test.Weakness is null ? $"test {test.Name}" : $"test {test.Name}, {test.Weakness}"));

        static int Rank(List<string> list, string name) =>
            list.FindIndex(item => item.Equals(name, StringComparison.OrdinalIgnoreCase)) is var index and >= 0 ? index : int.MaxValue;
    }

    private static IEnumerable<KeyCandidate> UniqueKey(ManifestNode model)
    {
        var config = model.Config.Parse();
        var columns = ColumnExpression.Columns(TextsOf(config.Member("unique_key")));
        if (model.ResourceType != "snapshot" || columns.Count == 0)
        {
            return Candidate(columns, KeySource.UniqueKey);
        }

        // A snapshot has a row for each version of what its unique_key names.
        var names = config.Member("snapshot_meta_column_names");
        var id = names.Member("dbt_scd_id")?.ToString() ?? "dbt_scd_id";
        var validFrom = names.Member("dbt_valid_from")?.ToString() ?? "dbt_valid_from";
        return
        [
            .. Candidate([id], KeySource.UniqueKey, $"dbt's id of a snapshot's row: {string.Join(", ", columns)} has a row per version"),
            .. Candidate([.. columns, validFrom], KeySource.UniqueKey, "unique_key and the version"),
        ];
    }

    private static IEnumerable<KeyCandidate> Constraints(ManifestNode model) =>
    [
        .. ConstraintsOf(model.Constraints).Where(IsPrimaryKey).SelectMany(constraint => Candidate(
            constraint.Member("columns").Items().SelectMany(column => ColumnExpression.Columns(column.ToString())),
            KeySource.Constraint)),
        .. Candidate(model.Columns.Where(column => ConstraintsOf(column.Constraints).Any(IsPrimaryKey)), KeySource.Constraint),
    ];

    // dbt pools every unique test into its own guess, disabled ones too, so only a single column is worth a look.
    private static IEnumerable<KeyCandidate> Guesses(ManifestNode model) =>
    [
        .. KeyNames.Guesses(model.Name).SelectMany(name => Candidate([name], KeySource.NameGuess, "looks like a key by its name")),
        .. model.PrimaryKey is [var hint] ? Candidate([hint], KeySource.NameGuess, "primary_key in the manifest") : [],
    ];

    private static IEnumerable<JsonElement> ConstraintsOf(JsonFragment constraints) =>
        constraints.HasContent() ? constraints.Parse().Items() : [];

    private static bool IsPrimaryKey(JsonElement constraint) => constraint.Member("type")?.ToString() == "primary_key";

    private static bool IsConstrainedNotNull(ManifestColumn column) =>
        ConstraintsOf(column.Constraints).Any(constraint => constraint.Member("type")?.ToString() is "not_null" or "primary_key");

    // A text, or a list of texts; a boolean says nothing here.
    private static IEnumerable<string> TextsOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        _ => value.Items().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
    };
}

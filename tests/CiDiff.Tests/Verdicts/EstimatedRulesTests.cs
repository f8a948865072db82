using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Verdicts;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Verdicts;

/// <summary>Rules on a table of which a sample of 10,000 of 1,000,000 rows was read: about 2 % changed, surely 1.7 % and at most 2.3 %; none were removed,
/// surely not more than 0.03 %; about 10 of 1,000,000 keys repeat on head, surely 1.</summary>
public sealed class EstimatedRulesTests
{
    private const string Range = "estimated from a sample of 10,000 rows: 1.7 % to 2.3 % (95 % confidence)";

    /// <summary>A rule as in cidiff.yml, and the line that comes out.</summary>
    public static TheoryData<string, string> Limits { get; } = new()
    {
        { "changed_rows: {warn: 1%, fail: 1.5%}", $"changed_rows fail 1.5%: about 2% fail | {Range}" },
        { "changed_rows: {warn: 1%, fail: 1.9%}", $"changed_rows fail 1.9%: about 2% warn | {Range}" },
        { "changed_rows: {fail: 1.9%}", $"changed_rows fail 1.9%: about 2% warn | {Range}" },
        { "changed_rows: {warn: 1%, fail: 2.2%}", $"changed_rows warn 1%: about 2% warn | {Range}" },
        { "changed_rows: {warn: 2.1%, fail: 2.2%}", $"changed_rows warn 2.1%: about 2% pass | {Range}" },
        { "changed_rows: 5%", $"changed_rows fail 5%: about 2% pass | {Range}" },
        { "changed_rows: 0", "changed_rows fail 0: about 20000 fail | estimated from a sample of 10,000 rows: 17,000 to 23,000 (95 % confidence)" },
        { "removed_rows: 0", "removed_rows fail 0: about 0 pass | estimated from a sample of 10,000 rows: 0 to 300 (95 % confidence)" },
        { "row_count: 1%", "row_count fail 1%: 0% pass" },
        { "removed_columns: fail", "removed_columns fail 0: 0 pass" },
        { "primary_keys: fail", "primary_keys fail 0: about 12 fail | estimated from a sample of 10,000 rows: 3 to 52 (95 % confidence)" },
        { "null_rate.amount: 1pp", "null_rate.amount fail 1pp: 0.5pp pass" },
        { "match_score: 99.5%", "match_score fail 99.5%: about 99% fail | estimated from a sample of 10,000 rows: 98.8 % to 99.2 % (95 % confidence)" },
        { "match_score: 99.1%", "match_score fail 99.1%: about 99% warn | estimated from a sample of 10,000 rows: 98.8 % to 99.2 % (95 % confidence)" },
        { "match_score: 98%", "match_score fail 98%: about 99% pass | estimated from a sample of 10,000 rows: 98.8 % to 99.2 % (95 % confidence)" },
        { "column.amount.changed: 1%", $"column.amount.changed fail 1%: about 2% fail | {Range}" },
        { "column.note.changed: 0", "column.note.changed fail 0%: about 0% pass | estimated from a sample of 10,000 rows: 0 % to 0.03 % (95 % confidence)" },
    };

    /// <summary>An expectation, its outcome, and the beginning of its note.</summary>
    public static TheoryData<string, VerdictLevel, string> Expectations { get; } = new()
    {
        { "changed_rows <= 2%", VerdictLevel.Pass, "as expected" },
        { "changed_rows <= 1.9%", VerdictLevel.Warn, "not as expected" },
        { "changed_rows <= 1.6%", VerdictLevel.Fail, "not as expected" },
        { "changed_rows >= 2.1%", VerdictLevel.Warn, "not as expected" },
        { "changed_rows > 2.4%", VerdictLevel.Fail, "not as expected" },
        { "changed_rows = 2.1%", VerdictLevel.Warn, "not as expected" },
        { "changed_rows = 3%", VerdictLevel.Fail, "not as expected" },
        { "row_count = 0%", VerdictLevel.Pass, "as expected" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void An_estimate_fails_only_what_is_over_its_limit_wherever_the_value_lies(string rule, string line) =>
        Assert.Contains(line, Decide($"rules: {{{rule}}}", DeclaredChange.None).Rules.Select(Line));

    [Theory]
    [MemberData(nameof(Expectations))]
    public void An_expectation_is_missed_only_when_no_value_of_the_range_meets_it(string expected, VerdictLevel outcome, string note)
    {
        var declared = new DeclaredChange(ExpectationText.FindInMessages([$"cidiff expect {expected}"]).Expectations, _ => []);

        var judged = Decide("", declared).Rules.Single(rule => rule.Rule == expected.Split(' ')[0]);

        Assert.Equal(outcome, judged.Outcome);
        Assert.StartsWith(note, judged.Note, StringComparison.Ordinal);
        Assert.Equal(expected.StartsWith("changed", StringComparison.Ordinal), judged.Note!.EndsWith(Range, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.9991", "0.9994", "99.99%", "99.91 % to 99.94 %")]
    [InlineData("0.9991", "0.9991", "99.99%", "99.9 % to 99.9 %")]
    [InlineData("0.0022", "0.00369", "0.1%", "0.22 % to 0.369 %")]
    [InlineData("0.00219999996", "0.0022", "0.1%", "0.219999996 % to 0.22 %")]
    [InlineData("454", "1237", "500", "454 to 1,237")]
    public void A_range_is_told_with_enough_digits_to_tell_its_ends_apart(string low, string high, string limit, string said)
    {
        Assert.True(Threshold.TryParse(limit, out var threshold));

        Assert.Equal(said, Measured.SayRange(Value(low), Value(high), threshold));

        static Measurement.Exact Value(string amount) => new(decimal.Parse(amount, CultureInfo.InvariantCulture), 1);
    }

    private static Verdict Decide(string yaml, DeclaredChange declared)
    {
        var model = new ModelIdentity("model.shop.orders", ["orders"]);
        var config = ConfigReader.Read(yaml, "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>());
        var rules = new ModelRulesResolver(config, _ => new HashSet<string>(), declared).Resolve(model, null, null);
        return Judge.Decide([new JudgedModel(model, new ModelOutcome.Compared(Diff()), rules.Rules, rules.Expectations)], declared, []);
    }

    private static string Line(RuleOutcome rule) =>
        $"{rule.Rule} {rule.Level.ToString().ToLowerInvariant()} {rule.Limit}: {rule.Measured} {rule.Outcome.ToString().ToLowerInvariant()}{(rule.Note is null ? "" : $" | {rule.Note}")}";

    private static TableDiff Diff() => new()
    {
        Schema = new SchemaDiff([], [], [], [], IsReordered: false),
        Key = new DiffKey([new ColumnName("id")], KeySource.UniqueTest, null),
        Rows = new RowCounts(1_000_000, 1_000_000, 0, 0, 20_000, 980_000),
        Keys = new(new KeyCounts(0, 0, 0, 1_000_000), new KeyCounts(2, 10, 20, 999_990)),
        Columns =
        [
            Column("amount", 20_000, new(17_000, 23_000)) with { Nulls = new(10_000, 15_000) },
            Column("note", 0, new(0, 300)),
        ],
        MatchScore = 0.99,
        Samples = DiffSamples.None,
        Strategy = DiffStrategy.Join,
        Cost = new DiffCost(TimeSpan.Zero, 1, null),
        Sample = new DiffSample(0.01, 0.95, "a test", new RowCounts(10_000, 10_000, 0, 0, 200, 9800))
        {
            Added = new(0, 300),
            Removed = new(0, 300),
            Changed = new(17_000, 23_000),
            Same = new(977_000, 983_000),
            Duplicate = new(default, new(1, 50)),
            MatchScore = (0.988, 0.992),
        },
    };

    private static ColumnDiff Column(string name, long changed, CountRange range)
    {
        var column = new Column(new ColumnName(name), new ColumnType("integer", TypeFamily.Integer));
        return new ColumnDiff(column, column, true, null, changed, changed / 1_000_000.0, null) { ChangedRange = range };
    }
}

using CiDiff.Configuration;

namespace CiDiff.Tests.Configuration;

/// <summary>How single values are written: limits, tolerances, times, names of rules.</summary>
public sealed class ValueTextTests
{
    public static TheoryData<string, decimal, ThresholdUnit, string> Thresholds => new()
    {
        { "100", 100, ThresholdUnit.Count, "100" },
        { "0", 0, ThresholdUnit.Count, "0" },
        { " 7 ", 7, ThresholdUnit.Count, "7" },
        { "10%", 0.1m, ThresholdUnit.Share, "10%" },
        { "12.50 %", 0.125m, ThresholdUnit.Share, "12.5%" },
        { "0.001%", 0.00001m, ThresholdUnit.Share, "0.001%" },
        { "150%", 1.5m, ThresholdUnit.Share, "150%" },
        { "1pp", 0.01m, ThresholdUnit.Points, "1pp" },
        { "0.25 pp", 0.0025m, ThresholdUnit.Points, "0.25pp" },
    };

    public static TheoryData<string, decimal, ToleranceMode> Tolerances => new()
    {
        { "0", 0, ToleranceMode.Absolute },
        { "0.01", 0.01m, ToleranceMode.Absolute },
        { "1e-3", 0.001m, ToleranceMode.Absolute },
        { "1E-05", 0.00001m, ToleranceMode.Absolute },
        { "1%", 0.01m, ToleranceMode.Relative },
        { "0.5 %", 0.005m, ToleranceMode.Relative },
        { "2s", 2, ToleranceMode.Time },
        { "500ms", 0.5m, ToleranceMode.Time },
        { "5m", 300, ToleranceMode.Time },
        { "1h", 3600, ToleranceMode.Time },
        { "1d", 86400, ToleranceMode.Time },
    };

    [Theory]
    [MemberData(nameof(Thresholds))]
    public void A_threshold_is_read_and_written_back(string text, decimal amount, ThresholdUnit unit, string written)
    {
        Assert.True(Threshold.TryParse(text, out var threshold));

        Assert.Equal(new Threshold(amount, unit), threshold);
        Assert.Equal(written, threshold.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("ten")]
    [InlineData("-1")]
    [InlineData("-1%")]
    [InlineData("1.5")]
    [InlineData("1,5%")]
    [InlineData("1e3")]
    [InlineData("10 rows")]
    [InlineData("10%%")]
    [InlineData("99999999999999999999999999999999999")]
    public void What_is_no_threshold_is_refused(string text) => Assert.False(Threshold.TryParse(text, out _));

    [Theory]
    [MemberData(nameof(Tolerances))]
    public void A_tolerance_is_read(string text, decimal amount, ToleranceMode mode) =>
        Assert.Equal(new Tolerance(amount, mode), ToleranceText.TryParse(text));

    [Fact]
    public void A_tolerance_can_have_several_words()
    {
        var tolerance = ToleranceText.TryParse("ignore_case, 1%,to_second ,null_equals_empty");

        Assert.Equal(
            new Tolerance(0.01m, ToleranceMode.Relative) { Ignores = ValueAspects.Case | ValueAspects.NullOrEmpty, Precision = TimePrecision.Second },
            tolerance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-0.01")]
    [InlineData("1 %%")]
    [InlineData("1w")]
    [InlineData("s")]
    [InlineData("1,5")]
    [InlineData("ignore_everything")]
    [InlineData("to_second, to_hour")]
    public void What_is_no_tolerance_is_refused(string text) => Assert.Null(ToleranceText.TryParse(text));

    [Theory]
    [InlineData("primary_keys", RuleKind.PrimaryKeys, null)]
    [InlineData("match_score", RuleKind.MatchScore, null)]
    [InlineData("column.amount.changed", RuleKind.ColumnChanged, "amount")]
    [InlineData("column.a.b.changed", RuleKind.ColumnChanged, "a.b")]
    [InlineData("column.Customer ID.changed", RuleKind.ColumnChanged, "Customer ID")]
    [InlineData("null_rate.email", RuleKind.NullRate, "email")]
    public void A_rules_name_is_read_and_written_back(string text, RuleKind kind, string? column)
    {
        var rule = RuleName.Find(text);

        Assert.Equal(new RuleName(kind, column), rule);
        Assert.Equal(text, rule!.ToString());
    }

    [Theory]
    [InlineData("Primary_Keys")]
    [InlineData("column.changed")]
    [InlineData("column..changed")]
    [InlineData("null_rate.")]
    [InlineData("column.amount")]
    [InlineData("")]
    public void What_is_no_rules_name_is_refused(string text) => Assert.Null(RuleName.Find(text));

    [Fact]
    public void Rules_about_the_same_column_are_equal_whatever_its_case() =>
        Assert.Equal(
            new HashSet<RuleName> { new(RuleKind.NullRate, "EMAIL") },
            [new RuleName(RuleKind.NullRate, "email")]);

    [Theory]
    [InlineData("sampels", "samples")]
    [InlineData("ignoreColumns", "ignore_columns")]
    [InlineData("ignore-columns", "ignore_columns")]
    [InlineData("tolerence", "tolerance")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found(string written, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(written, ["key_tag", "ignore_columns", "tolerance", "samples", "timeout"]));
}

using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Reports;
using CiDiff.Selection;

namespace CiDiff.Tests.Reports;

/// <summary>Cell values leave a job only as far as <c>privacy.values</c> allows, whatever the format.</summary>
public sealed class PrivacyTests
{
    private const string KeyValue = "key-value-4711";
    private const string PrivateKeyValue = "private-key-4712";
    private const string OpenValue = "open-value-4713";
    private const string PrivateValue = "private-value-4714";

    public static TheoryData<string> Outputs => ["markdown", "json", "console", "compare", "compare json"];

    [Theory]
    [MemberData(nameof(Outputs))]
    public void None_shows_no_value(string output)
    {
        var text = Write(output, ValuePrivacy.None);

        Assert.DoesNotContain("471", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Keys_shows_values_of_keys_that_are_not_private_and_nothing_else(string output)
    {
        var text = Write(output, ValuePrivacy.Keys);

        Assert.Equal(output != "console", text.Contains(KeyValue, StringComparison.Ordinal));
        Assert.DoesNotContain(PrivateKeyValue, text, StringComparison.Ordinal);
        Assert.DoesNotContain(OpenValue, text, StringComparison.Ordinal);
        Assert.DoesNotContain(PrivateValue, text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Full_shows_all_values_but_those_of_private_columns(string output)
    {
        var text = Write(output, ValuePrivacy.Full);

        Assert.Equal(output != "console", text.Contains(KeyValue, StringComparison.Ordinal));
        Assert.Equal(output != "console", text.Contains(OpenValue, StringComparison.Ordinal));
        Assert.DoesNotContain(PrivateKeyValue, text, StringComparison.Ordinal);
        Assert.DoesNotContain(PrivateValue, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_key_are_shown_only_in_full()
    {
        var report = Report(ValuePrivacy.Keys, withKey: false);

        Assert.DoesNotContain("471", ReportBuilder.Render(new JsonReport(), report), StringComparison.Ordinal);
        Assert.Contains(
            OpenValue, ReportBuilder.Render(new JsonReport(), report with { Privacy = ValuePrivacy.Full }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mail_address", "contact")]
    [InlineData("contact", "mail_address")]
    public void A_private_column_stays_private_under_another_name(string inBase, string inHead)
    {
        var diff = ReportBuilder.Diff(
            new RowCounts(10, 10, 0, 0, 1, 9),
            ReportBuilder.Key("order_id"),
            ReportBuilder.SameSchema with { Renamed = [new RenamedColumn(new(inBase), new(inHead), "remap")] },
            samples: new DiffSamples { Changed = [new ChangedRow(["1"], [new ChangedValue(inHead, PrivateValue, OpenValue)])] });
        var model = ReportBuilder.Selected("orders") with { PrivateColumns = ["mail_address"] };
        var report = Scenarios.Nothing() with { Privacy = ValuePrivacy.Full, Models = [new ModelReport(model, new ModelOutcome.Compared(diff))] };

        Assert.DoesNotContain("471", ReportBuilder.Render(new MarkdownReport(), report), StringComparison.Ordinal);
        Assert.DoesNotContain("471", ReportBuilder.Render(new JsonReport(), report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_changed_rows_have_in_common_is_told_without_the_value_that_may_not_be_shown()
    {
        const string Hidden = "80\u00a0% of the changed rows have the same `status` (8.0 times over-represented)";

        Assert.Contains(Hidden, Write("markdown", ValuePrivacy.None), StringComparison.Ordinal);
        Assert.Contains(Hidden, Write("markdown", ValuePrivacy.Keys), StringComparison.Ordinal);
        Assert.Contains($"80\u00a0% of the changed rows have `status` = `{OpenValue}` (8.0 times", Write("markdown", ValuePrivacy.Full), StringComparison.Ordinal);
        Assert.Contains("70\u00a0% of the changed rows have the same `email`", Write("markdown", ValuePrivacy.Full), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_hidden_stays_hidden_when_a_run_file_is_rendered_with_more_privacy_than_it_was_written_with()
    {
        var json = ReportBuilder.Render(new JsonReport(), Report(ValuePrivacy.Full, withKey: true));
        var again = JsonReportReader.Read(System.Text.Encoding.UTF8.GetBytes(json), "run.json") with { Privacy = ValuePrivacy.None };

        Assert.DoesNotContain("471", ReportBuilder.Render(new MarkdownReport(), again), StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_far_into_a_long_value_is_seen_in_the_excerpt()
    {
        var same = new string('a', 5_000);
        var (inBase, inHead) = Excerpt.OfDifference(same + "X" + same, same + "Y" + same, 60);

        Assert.Equal("…" + new string('a', 20) + "X" + new string('a', 37) + "…", inBase);
        Assert.Equal("…" + new string('a', 20) + "Y" + new string('a', 37) + "…", inHead);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "b")]
    [InlineData("a", "b")]
    [InlineData("", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀a", "😀😀😀😀😀😀😀😀😀😀😀b")]
    public void An_excerpt_of_an_excerpt_is_the_same(string? inBase, string? inHead)
    {
        var once = Excerpt.OfDifference(inBase, inHead, 12);

        Assert.Equal(once, Excerpt.OfDifference(once.Base, once.Head, 12));
        Assert.True((once.Base?.Length ?? 0) <= 12 && (once.Head?.Length ?? 0) <= 12);
        Assert.Equal(inBase == inHead, once.Base == once.Head);
    }

    private static string Write(string output, ValuePrivacy privacy)
    {
        var report = Report(privacy, withKey: true);
        using var text = new StringWriter();
        switch (output)
        {
            case "markdown":
                new MarkdownReport().Write(report, text);
                break;
            case "json":
                new JsonReport().Write(report, text);
                break;
            case "console":
                ConsoleReport.WriteRun(report, text, new ConsoleOptions());
                break;
            case "compare":
                ConsoleReport.WriteCompare(report.Models[0], privacy, text, new ConsoleOptions());
                break;
            default:
                JsonReport.WriteModel(report.Models[0], privacy, text);
                break;
        }

        return text.ToString();
    }

    private static ColumnProfile Profile(string column, string value)
    {
        var side = new ColumnStatistics(9, 1, 2)
        {
            Least = value,
            Greatest = value,
            Quantiles = [value, value, value, value, value],
            Frequent = [new FrequentValue(value, 2)],
        };
        return new ColumnProfile(new(column), new(side, side));
    }

    private static RunReport Report(ValuePrivacy privacy, bool withKey)
    {
        string?[] key = withKey ? [KeyValue, PrivateKeyValue] : [];
        KeyValuePair<string, string?>[] values =
        [
            KeyValuePair.Create<string, string?>("status", OpenValue),
            KeyValuePair.Create<string, string?>("EMAIL", PrivateValue),
        ];
        var diff = ReportBuilder.Diff(
            new RowCounts(10, 10, 1, 1, withKey ? 2 : null, 6),
            withKey ? new DiffKey([new("order_id"), new("ssn")], KeySource.Explicit, null) : null,
            samples: new DiffSamples
            {
                Changed = withKey
                    ? [new ChangedRow(key, [new ChangedValue("status", OpenValue, OpenValue + "x"), new ChangedValue("EMAIL", PrivateValue, null)])]
                    : [],
                Added = [new SampleRow(key, values, 1)],
                Removed = [new SampleRow(key, values, 1)],
                DuplicateKeys = withKey ? new([new BadKey(key, 2)], [new BadKey(key, 3)]) : new([], []),
            }) with
        {
            Attribution = new Attribution(
                50,
                false,
                [
                    new Concentration(new("order_id"), null, KeyValue, 0.9, 0.1),
                    new Concentration(new("SSN"), null, PrivateKeyValue, 0.9, 0.1),
                    new Concentration(new("status"), null, OpenValue, 0.8, 0.1),
                    new Concentration(new("email"), null, PrivateValue, 0.7, 0.1),
                ]),
            Profiles = [Profile("Order_id", KeyValue), Profile("ssn", PrivateKeyValue), Profile("status", OpenValue), Profile("email", PrivateValue)],
            Timeline = new Timeline(new("Email"), TimeUnit.Day, 1, [new TimelineBucket(PrivateValue, 5, 4, 3, 2)]),
        };
        return Scenarios.Nothing() with
        {
            Privacy = privacy,
            Models =
            [
                new ModelReport(
                    ReportBuilder.Selected("orders") with { PrivateColumns = ["email", "SSN"], Rules = new CompareRules() },
                    new ModelOutcome.Compared(diff)),
            ],
        };
    }
}

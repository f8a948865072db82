using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Verdicts;
using CiDiff.Warehouses;
using static CiDiff.Tests.Reports.ReportBuilder;

namespace CiDiff.Tests.Reports;

/// <summary>Runs that every writer has a golden file for.</summary>
internal static class Scenarios
{
    /// <summary>All of them, by the name of their golden files.</summary>
    public static readonly IReadOnlyDictionary<string, Func<RunReport>> All = new SortedDictionary<string, Func<RunReport>>(StringComparer.Ordinal)
    {
        ["rich"] = Rich,
        ["rich_keys"] = () => Rich() with { Privacy = ValuePrivacy.Keys },
        ["rich_full"] = () => Rich() with { Privacy = ValuePrivacy.Full },
        ["identical"] = AllIdentical,
        ["sampled"] = Sampled,
        ["error"] = Failed,
        ["skipped"] = Skip,
        ["nothing"] = Nothing,
        ["huge"] = Huge,
    };

    private static readonly Sides<ArtifactInfo?> Artifacts = new(
        new ArtifactInfo("prod-artifacts/manifest.json", "2026-03-02T04:10:31.204481Z", "1.11.14", "9fceb02d0ae598e95dc970b74767f19372d61af8"),
        new ArtifactInfo("target/manifest.json", "2026-03-02T09:41:07.118230Z", "1.11.14", null));

    private static readonly SortedDictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["json"] = "run.json",
        ["markdown"] = "report.md",
    };

    /// <summary>Tables of which samples were read: one that differs, also in its keys, one in which nothing was found, and one over its time budget.</summary>
    public static RunReport Sampled() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Warn,
        Reason = "1 rule warned: changed_rows on events.",
        Artifacts = Artifacts,
        Files = Files,
        Rules =
        [
            new("changed_rows", "model.shop.events", VerdictLevel.Fail, "0.5%", "about 0.545%", VerdictLevel.Warn, "estimated from a sample of 59,821 rows: 0.489 % to 0.608 % (95 % confidence)"),
            new("primary_keys", "model.shop.visits", VerdictLevel.Fail, "0", "0", VerdictLevel.Pass, null),
        ],
        Models =
        [
            new ModelReport(Selected("events"), new ModelOutcome.Compared(OfSample(
                new RowCounts(6_000_000, 5_994_299, 401, 6520, 32_798, 5_950_000),
                new RowCounts(59_821, 59_760, 4, 65, 327, 59_425),
                "a sample of 1 % was asked for",
                twice: 12) with
            {
                Columns =
                [
                    new(new(new("v"), Integer), new(new("v"), Integer), true, null, 32_798, 0.0055, null) { ChangedRange = new(29_438, 36_539) },
                    new(new(new("w"), Text), new(new("w"), Text), true, null, 0, 0, null) { ChangedRange = new(0, 301) },
                ],
                MatchScore = 0.9976,
            })),
            new ModelReport(Selected("sessions"), new ModelOutcome.Compared(OfSample(
                new RowCounts(6_000_000, 6_000_000, 0, 0, 0, 6_000_000), new RowCounts(100_210, 100_210, 0, 0, 0, 100_210), "everything took longer than the time budget of 300 s"))),
            Identical("visits", 5_012),
        ],
    };

    private static TableDiff OfSample(RowCounts rows, RowCounts found, string because, long twice = 0)
    {
        var range = new Func<long, CountRange>(count => Proportion.Scale(count, found.Base, rows.Base, 0.95).Range);
        return Diff(rows, Key("event_id"), keys: new(new(twice / 4, twice, 2 * twice, rows.Base - (twice / 4) - twice), new(0, twice, 2 * twice, rows.Head - twice))) with
        {
            Sample = new DiffSample(0.01, 0.95, because, found)
            {
                Added = range(found.Added),
                Removed = range(found.Removed),
                Changed = range(found.Changed!.Value),
                Same = range(found.Same),
                Duplicate = new(new(0, twice + 301), new(0, twice + 301)),
                MatchScore = (0.9951, 1),
            },
        };
    }

    /// <summary>One model of every kind.</summary>
    public static RunReport Rich() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Fail,
        Reason = "2 rules failed: primary_keys on customer_contacts, errors on payroll.",
        Artifacts = Artifacts,
        Files = Files,
        Rules =
        [
            new("errors", "model.shop.payroll", VerdictLevel.Fail, "0", "1", VerdictLevel.Fail, null),
            new("primary_keys", "model.shop.customer_contacts", VerdictLevel.Fail, "0", "160", VerdictLevel.Fail, null),
            new("not_built", "model.shop.weekly_orders", VerdictLevel.Warn, null, null, VerdictLevel.Warn, null),
            new("removed_columns", "model.shop.dim_products", VerdictLevel.Warn, "0", "1", VerdictLevel.Warn, null),
            new("changed_rows", "model.shop.fct_orders", VerdictLevel.Fail, "1%", "2.5%", VerdictLevel.Pass, "Expected: `changed_rows <= 5%` in dbt meta."),
            new("primary_keys", "model.shop.fct_orders", VerdictLevel.Fail, "0", "0", VerdictLevel.Pass, null),
            new("row_count", null, VerdictLevel.Warn, "20%", "0.3%", VerdictLevel.Pass, null),
        ],
        Models =
        [
            .. new[]
            {
                new ModelReport(Selected("customer_contacts"), new ModelOutcome.Compared(CustomerContacts())),
                new ModelReport(Selected("fct_orders") with { PrivateColumns = ["Customer_Email"] }, new ModelOutcome.Compared(FctOrders())),
                new ModelReport(Selected("dim_products") , new ModelOutcome.Compared(DimProducts())),
                new ModelReport(Selected("page_views", "modified: body"), new ModelOutcome.Compared(PageViews())),
                new ModelReport(
                    Selected("fct_refunds", "new", ChangeKind.New, onlyOn: "head"),
                    new ModelOutcome.NotCompared(NotComparedReason.New, new(null, 255), GoodKeys(255))),
                new ModelReport(
                    Selected("legacy_discounts", "deleted", ChangeKind.Deleted, onlyOn: "base"),
                    new ModelOutcome.NotCompared(NotComparedReason.Removed, new(16, null))),
                new ModelReport(
                    Selected("weekly_orders", "modified: body, relation", changes: [ChangeReason.Body, ChangeReason.Relation]),
                    new ModelOutcome.NotCompared(NotComparedReason.NotBuilt, new(53, null))),
                new ModelReport(Selected("payroll"), new ModelOutcome.Failed(Denied("\"shop\".\"dbt_pr_42\".\"payroll\""))),
                Identical("stg_orders", 5_012),
                Identical("stg_payments", 5_240, "modified: macros (cents_to_amount)"),
                Skipped("dim_customers", "downstream of customer_contacts (slim)"),
                Skipped("scratch", "never_diff"),
            }.OrderBy(model => model.Model.Id),
        ],
    };

    /// <summary>Nothing differs.</summary>
    public static RunReport AllIdentical() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Pass,
        Reason = "3 models were compared and all are identical.",
        Artifacts = Artifacts,
        Files = Files,
        Models = [Identical("dim_dates", 3_653), Identical("fct_orders", 12_004_311, note: "Only rows whose 'at' lies in the range of both sides are compared."), Identical("stg_orders", 1)],
        Rules = [new("primary_keys", "model.shop.fct_orders", VerdictLevel.Fail, "0", "0", VerdictLevel.Pass, null)],
    };

    /// <summary>The run could not begin.</summary>
    public static RunReport Failed() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Error,
        Reason = "No manifest at 'prod-artifacts'.",
        Error = new RunError("CID2001", "No manifest at 'prod-artifacts'.", "Run `dbt compile` in production's job, or pass --base."),
        Files = Files,
    };

    /// <summary>A trigger closed.</summary>
    public static RunReport Skip() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Skipped,
        Reason = "Every changed file is one of `triggers.ignore_files`.",
        Files = Files,
    };

    /// <summary>Nothing was selected.</summary>
    public static RunReport Nothing() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Pass,
        Reason = "No model is new or modified.",
        Artifacts = Artifacts,
        Files = Files,
        Notes = ["The base manifest was made by dbt 1.11 and the head manifest by dbt 1.12: models may count as modified that are not."],
    };

    /// <summary>More than a comment can hold.</summary>
    public static RunReport Huge()
    {
        var models = Enumerable.Range(0, 300).Select(HugeModel).ToList();
        return new RunReport
        {
            ToolVersion = "0.1.0",
            Status = RunStatus.Warn,
            Reason = "40 rules warn: removed_columns on 40 models.",
            Artifacts = Artifacts,
            Files = Files,
            Privacy = ValuePrivacy.Keys,
            Models = models,
            Rules =
            [
                .. models.Where((_, i) => i % 5 == 0 && i % 3 != 2).Select(model =>
                    new RuleOutcome("removed_columns", model.Model.Id.Value, VerdictLevel.Warn, "0", "1", VerdictLevel.Warn, null)),
            ],
        };
    }

    /// <summary>Nothing was read but manifests and table metadata.</summary>
    public static RunReport Plan() => new()
    {
        ToolVersion = "0.1.0",
        Status = RunStatus.Pass,
        Reason = "3 models would be compared.",
        Artifacts = Artifacts,
        Models =
        [
            Planned(Selected("dim_products") with { KeyCandidates = [new KeyCandidate(["id"], KeySource.NameGuess), new KeyCandidate(["dim_products_id"], KeySource.NameGuess)] }, NotComparedReason.PlanOnly, new(85, 85)),
            Planned(
                Selected("fct_orders") with { Rules = new CompareRules { Filter = new ConfiguredSql("ordered_at < '2026-01-01'", "cidiff.yml, line 12") } },
                NotComparedReason.PlanOnly,
                new(5_000, null)),
            Planned(Selected("fct_refunds", "new", ChangeKind.New, onlyOn: "head"), NotComparedReason.New, new(null, null)),
            Planned(Selected("page_views") with { KeyCandidates = [] }, NotComparedReason.PlanOnly, new(null, null)),
            Planned(Selected("weekly_orders"), NotComparedReason.NotBuilt, new(null, null)),
            Skipped("dim_customers", "downstream of customer_contacts (slim)"),
            Skipped("scratch", "never_diff"),
        ],
        Notes = ["Row counts are the planner's estimates."],
    };

    private static ModelReport Planned(SelectedModel model, NotComparedReason reason, Sides<long?> estimatedRows) =>
        new(model, new ModelOutcome.NotCompared(reason, new(null, null)) { EstimatedRows = estimatedRows });

    private static ModelReport HugeModel(int i)
    {
        var name = $"mart_{i:000}";
        if (i % 3 == 2)
        {
            return i % 2 == 0 ? Identical(name, 1_000 + i) : Skipped(name, "downstream of mart_000 (slim)");
        }

        long matched = 10_000 + i;
        return new ModelReport(
            Selected(name),
            new ModelOutcome.Compared(Diff(
                new RowCounts(matched + 3, matched + i, i, 3, i, matched - i),
                Key("id"),
                i % 5 == 0 ? SameSchema with { Removed = [Column("old_amount", Numeric)] } : null,
                columns: [.. Enumerable.Range(0, 12).Select(column => Compared($"measure_{column:00}", Math.Max(0, i - column), matched))],
                samples: new DiffSamples
                {
                    Changed = [.. Enumerable.Range(0, 5).Select(row => new ChangedRow([$"{row}"], [new ChangedValue("measure_00", "1", "2")]))],
                },
                matchScore: 0.99)));
    }

    private static TableDiff CustomerContacts() => Diff(
        new RowCounts(204, 549, 0, 0, 0, 44),
        Key("customer_id", KeySource.UniqueTest, "test unique_customer_contacts_customer_id"),
        keys: new(GoodKeys(204), new KeyCounts(Null: 0, Duplicate: 160, DuplicateRows: 505, Distinct: 204)),
        columns: [Compared("email", 0, 44), Compared("phone", 0, 44), Compared("channel", 0, 44)],
        samples: new DiffSamples
        {
            DuplicateKeys = new([], [new BadKey(["1041"], 9), new BadKey(["1007"], 7), new BadKey(["1113"], 6)]),
        },
        matchScore: 0.5843,
        badKeysDiffer: true);

    private static TableDiff FctOrders() => Diff(
        new RowCounts(5_012, 5_014, 3, 1, 123, 4_888),
        Key("order_id", KeySource.Constraint),
        columns:
        [
            Compared("customer_email", 2, 5_011),
            Compared("ordered_at", 0, 5_011, Timestamp),
            Compared("status", 0, 5_011),
            Compared("discount_amount", 123, 5_011, Numeric),
            Compared("net_amount", 119, 5_011, Numeric),
            NotCompared("built_at", "ignored: *_at", Timestamp),
        ],
        samples: new DiffSamples
        {
            Changed =
            [
                new ChangedRow(["1017"], [new ChangedValue("discount_amount", "12.50", "0.00"), new ChangedValue("net_amount", "87.50", "100.00")]),
                new ChangedRow(["1032"], [new ChangedValue("customer_email", "ann@example.org", "ann@example.com"), new ChangedValue("discount_amount", null, "0.00")]),
                new ChangedRow(["1055"], [new ChangedValue("discount_amount", "3.20", "0.00"), new ChangedValue("net_amount", "60.80", "64.00")]),
            ],
            Added = [Order("6001", "eve@example.org", "placed", "0.00"), Order("6002", null, "placed", "5.00")],
            Removed = [Order("2044", "joe@example.org", "returned", "1.25")],
        },
        matchScore: 0.9907,
        seconds: 1.2345678,
        notes: ["`ordered_at` is compared to the microsecond."]) with
    {
        Attribution = new Attribution(
            123,
            false,
            [
                new Concentration(new("status"), null, "returned", 119.0 / 123, 0.1103),
                new Concentration(new("ordered_at"), TimeUnit.Month, "2026-02", 0.5122, 0.0871),
                new Concentration(new("customer_email"), null, "bot@example.org", 0.252, 0.002),
            ]),
        Profiles =
        [
            new ColumnProfile(new("order_id"), new(Profile(5_012, 0, 5_012, 2506.5, "1", "5012"), Profile(5_014, 0, 5_014, 2508.9, "1", "6002"))),
            new ColumnProfile(new("customer_email"), new(Profile(5_012, 31, 411, null, "ann@example.org", "zoe@example.org", ("bot@example.org", 900)), null)),
            new ColumnProfile(new("status"), new(
                Profile(5_012, 0, 3, null, "placed", "shipped", ("placed", 3_000), ("shipped", 1_459)),
                Profile(5_014, 0, 3, null, "placed", "shipped", ("placed", 3_002), ("shipped", 1_459)))),
            new ColumnProfile(new("discount_amount"), new(
                Profile(5_012, 12, 98, 1.2345678, "0.00", "12.50") with { Quantiles = ["0.00", "0.00", "0.50", "1.25", "8.00"] },
                Profile(5_014, 12, 97, 1.0007, "0.00", "12.50") with { Quantiles = ["0.00", "0.00", "0.00", "1.00", "7.50"] })),
        ],
        Timeline = new Timeline(
            new("ordered_at"),
            TimeUnit.Month,
            1,
            [
                new TimelineBucket("2025-12", 1_700, 0, 0, 0),
                new TimelineBucket("2026-01", 1_650, 60, 0, 1),
                new TimelineBucket("2026-02", 1_655, 63, 2, 0),
                new TimelineBucket(null, 6, 0, 1, 0),
            ]),
    };

    private static ColumnStatistics Profile(
        long rows, long nulls, long distinct, double? mean, string least, string greatest, params (string Value, long Rows)[] frequent) =>
        new(rows, nulls, distinct)
        {
            Mean = mean,
            Least = least,
            Greatest = greatest,
            Frequent = [.. frequent.Select(value => new FrequentValue(value.Value, value.Rows))],
        };

    private static SampleRow Order(string id, string? email, string status, string discount) => new(
        [id],
        [
            KeyValuePair.Create<string, string?>("customer_email", email),
            KeyValuePair.Create<string, string?>("status", status),
            KeyValuePair.Create<string, string?>("discount_amount", discount),
        ],
        Occurrences: 1);

    private static TableDiff DimProducts() => Diff(
        new RowCounts(85, 85, 0, 0, 0, 85),
        Key("product_id", KeySource.NameGuess),
        new SchemaDiff(
            Added: [Column("product_category", Text), Column("list_price", DoublePrecision)],
            Removed: [Column("category", Text), Column("legacy_code", Text)],
            Retyped: [new RetypedColumn(new ColumnName("unit_price"), Numeric, DoublePrecision)],
            Renamed: [new RenamedColumn(new ColumnName("category"), new ColumnName("product_category"), "detected") { Share = 0.988 }],
            IsReordered: true),
        columns:
        [
            Compared("name", 0, 85),
            new ColumnDiff(Column("unit_price", Numeric), Column("unit_price", DoublePrecision), IsCompared: true, null, 0, 0, new Sides<long>(0, 2)),
        ],
        matchScore: 0.9412);

    private static TableDiff PageViews() => Diff(
        new RowCounts(18_220, 18_226, 9, 3, Changed: null, 18_217),
        key: null,
        columns: [new ColumnDiff(Column("url", Text), Column("url", Text), IsCompared: true, null, null, null, null)],
        samples: new DiffSamples
        {
            Added = [new SampleRow([], [KeyValuePair.Create<string, string?>("url", "/checkout?step=2")], Occurrences: 4)],
            Removed = [new SampleRow([], [KeyValuePair.Create<string, string?>("url", "/cart ")], Occurrences: 3)],
        },
        matchScore: 0.9997);
}

using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

public sealed class CompareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDbFile _file = new("""
        create schema prod;
        create schema pr;
        create table prod.orders as select i as id, (i * 1.5)::double as amount, case when i % 2 = 0 then 'DE' else 'FR' end as country from range(10) as t(i);
        create table pr.orders as select id, case when id = 3 then amount + 1 else amount end as amount, country from prod.orders where id <> 4;
        """);

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_answer_names_the_filter_and_counts_only_what_passes_it()
    {
        var text = await CompareAsync("--key", "id", "--where", "country = 'DE'");
        var json = await CompareAsync("--key", "id", "--where", "country = 'DE'", "--output", "json");

        Assert.Equal((1, 1), (text.ExitCode, json.ExitCode));
        Assert.Contains("country = 'DE'", text.Output, StringComparison.Ordinal);
        using var model = JsonDocument.Parse(json.Output);
        Assert.Equal("country = 'DE'", model.RootElement.GetProperty("filter").GetString());
        Assert.Equal((5, 4, 1, 0), Rows(model.RootElement));
    }

    [Fact]
    public async Task A_difference_in_whole_rows_only_exits_1_and_says_so()
    {
        var run = await CompareAsync("--key", "id", "--where", "id <> 3");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 row removed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_difference_exits_0()
    {
        var run = await CompareAsync("--key", "id", "--where", "id < 3");

        Assert.Equal((0, ""), (run.ExitCode, string.Concat(run.Error.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)))));
        Assert.StartsWith("identical", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CID5007", "--key", "id", "--columns", "amuont")]
    [InlineData("CID5007", "--key", "id", "--columns", "amount,amuont")]
    [InlineData("CID5007", "--key", "id", "--exclude-columns", "contry")]
    [InlineData("CID5007", "--key", "id", "--tolerance", "nope=1")]
    [InlineData("CID5001", "--key", "idd")]
    [InlineData("CID1001", "--key", "")]
    [InlineData("CID1001", "--key", "id,,country")]
    [InlineData("CID1001", "--key", "id,id")]
    [InlineData("CID1001", "--key", "id", "--columns", "")]
    [InlineData("CID1001", "--key", "id", "--columns", "amount,")]
    [InlineData("CID1001", "--key", "id", "--exclude-columns", "")]
    [InlineData("CID1001", "--key", "id", "--tolerance", "amount=1", "--tolerance", "AMOUNT=2")]
    public async Task A_column_that_is_not_there_is_no_answer(string code, params string[] arguments)
    {
        var run = await CompareAsync(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"error {code}", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it is not among --columns", "--columns", "amount")]
    [InlineData("--exclude-columns names it", "--exclude-columns", "country")]
    [InlineData("which --columns names.", "--columns", "amuont")]
    [InlineData("which --exclude-columns names.", "--exclude-columns", "contry")]
    [InlineData("which --time-column names.", "--time-column", "dya")]
    [InlineData("--time-column has no effect: the column 'country' is no date", "--time-column", "country")]
    [InlineData("which --tolerance names.", "--tolerance", "amuont=1")]
    public async Task Messages_name_the_options(string words, params string[] arguments)
    {
        var run = await CompareAsync(["--key", "id", "--output", "json", .. arguments]);

        Assert.Contains(words, run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("of compare", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prod.orders", "prod.orders", "error CID5003: BASE and HEAD are the same relation, ", "  hint: Name two, ")]
    [InlineData("()", "prod.orders", "error CID1001: The query of BASE is empty.", "  hint: Write a select ")]
    [InlineData("prod.orders", "( )", "error CID1001: The query of HEAD is empty.", "  hint: Write a select ")]
    [InlineData("(select id, cast(country as integer) as amount from prod.orders)", "pr.orders", "error CID4004: A query failed", "  hint: The statement has the query BASE in it, which has to work on every row.")]
    public async Task What_cannot_be_compared_is_told_in_words_of_the_command(string before, string after, string error, string hint)
    {
        var run = await CliRun.InAsync(_folder.Path, ["compare", before, after, "--key", "id", "--url", $"duckdb:{_file.Path}"]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--base-url", "hint: Only base has a URL: give head one too, with --head-url. ")]
    [InlineData("--head-url", "hint: Only head has a URL: give base one too, with --base-url. ")]
    public async Task A_side_without_a_url_and_a_profile_is_told_of_both(string option, string hint)
    {
        var run = await CliRun.InAsync(_folder.Path, "compare", "prod.orders", "pr.orders", option, $"duckdb:{_file.Path}");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_format_that_is_none_is_told_with_all_there_are()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "run.json"), "{}");

        var run = await CliRun.InAsync(_folder.Path, "report", "run.json", "--format", "pdf");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("  hint: The formats are text, outputs, code_quality, json, junit, markdown, sarif.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_may_stand_in_quotes()
    {
        var run = await CompareAsync("--key", "\"id\"", "--columns", "\"amount\"", "--tolerance", "\"amount\"=2");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 row removed", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a,b\"", "a,b")]
    [InlineData("id, \"a,b\" ", "id, a,b")]
    [InlineData("\"a,b\",\"c\"\",d\"", "a,b, c\",d")]
    [InlineData("e\"f,id", "e\"f, id")]
    public async Task A_quoted_name_may_have_a_comma(string key, string names)
    {
        const string Rows = "(select range as id, range as \"a,b\", range as \"c\"\",d\", range as \"e\"\"f\" from range(3))";

        var run = await CliRun.InAsync(_folder.Path, "compare", Rows, Rows, "--key", key, "--exclude-columns", "\"no,ne\"", "--url", "duckdb::memory:");
        var found = await CliRun.InAsync(_folder.Path, "compare", Rows, Rows, "--key", key, "--url", "duckdb::memory:");

        Assert.Contains("CID5007", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, found.ExitCode);
        Assert.Contains($"key  {names}, as configured", found.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amount=abc", "'abc' is no tolerance.", "ignore_trailing_spaces")]
    [InlineData("type:boolean=ignore_case", "names a type that has no tolerance.", "integer, decimal")]
    [InlineData("amount", "is not of the form COL=AMOUNT.", "--tolerance amount=1%")]
    public async Task What_is_wrong_with_a_tolerance_is_told(string tolerance, string problem, string hint)
    {
        var run = await CompareAsync("--key", "id", "--tolerance", tolerance);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("range", 0, "no difference in a sample of ")]
    [InlineData("range + 1", 1, "different: changed in v (about 100 %); estimated from a sample of ")]
    public async Task A_sample_is_told_as_one(string value, int exitCode, string begins)
    {
        string[] arguments =
        [
            "compare", "(select range as id, range as v from range(20000))", $"(select range as id, {value} as v from range(20000))",
            "--key", "id", "--url", "duckdb::memory:", "--sample", "{share: 10%, threshold: 0}",
        ];

        var text = await CliRun.InAsync(_folder.Path, arguments);
        var json = await CliRun.InAsync(_folder.Path, [.. arguments, "--output", "json"]);

        Assert.Equal((exitCode, exitCode), (text.ExitCode, json.ExitCode));
        Assert.StartsWith(begins, text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("identical", text.Output, StringComparison.Ordinal);
        using var model = JsonDocument.Parse(json.Output);
        Assert.Equal(exitCode == 0 ? null : "different", model.RootElement.GetProperty("status").GetString());
        Assert.Equal(20_000, model.RootElement.GetProperty("rows").GetProperty("base").GetInt64());
        Assert.Equal(JsonValueKind.Null, model.RootElement.GetProperty("rows").GetProperty("changed").ValueKind);
        Assert.Equal(exitCode * 20_000, model.RootElement.GetProperty("sampled").GetProperty("estimates").GetProperty("changed").GetProperty("value").GetInt64());
    }

    [Theory]
    [InlineData("--timeout", "none", 1)]
    [InlineData("--timeout", "1h", 1)]
    [InlineData("--timeout", "soon", 2)]
    [InlineData("--timeout", "0s", 2)]
    public async Task A_statement_may_take_as_long_as_is_said(string option, string time, int exitCode)
    {
        var run = await CompareAsync("--key", "id", option, time);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(exitCode == 2, run.Error.Contains("--timeout takes a time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_statement_that_takes_longer_is_stopped()
    {
        var slow = "(select count(*) as id from range(100000) as a(i), range(100000) as b(i) where (a.i * b.i) % 7 = 3)";
        var run = await CliRun.InAsync(_folder.Path, ["compare", slow, slow, "--key", "id", "--timeout", "1s", "--url", $"duckdb:{_file.Path}"]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("error CID4005: A query was stopped after 1 s.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_without_its_percent_sign_is_refused()
    {
        var run = await CompareAsync("--key", "id", "--sample", "0.01");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Write 1% or 0.01%", run.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> CompareAsync(params string[] arguments) =>
        CliRun.InAsync(_folder.Path, ["compare", "prod.orders", "pr.orders", "--url", $"duckdb:{_file.Path}", .. arguments]);

    private static (int Base, int Head, int Removed, int Changed) Rows(JsonElement model)
    {
        var rows = model.GetProperty("rows");
        return (Count("base"), Count("head"), Count("removed"), Count("changed"));

        int Count(string name) => rows.GetProperty(name).GetInt32();
    }
}

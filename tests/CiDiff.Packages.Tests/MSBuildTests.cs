using CiDiff.Packages.Tests.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Packages.Tests;

/// <summary>A small project with CiDiff.MSBuild in it, built by <c>dotnet build</c>.</summary>
[Collection(PackedToolCollection.Name)]
public sealed class MSBuildTests(PackedTool packed) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async Task InitializeAsync()
    {
        await packed.MakeShopAsync(Path.Combine(_folder.Path, "shop"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".git"));
        await WriteAsync("nuget.config", $"<configuration><packageSources><clear /><add key=\"here\" value=\"{packed.Packages}\" /></packageSources></configuration>");
        await WriteAsync("App.cs", "public static class App;");
        await WriteAsync("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <CiDiffConfig>shop/cidiff.yml</CiDiffConfig>
                <CiDiffBase Condition="'$(CiDiffBase)' == ''">shop/prod-artifacts</CiDiffBase>
                <CiDiffHead>shop/target</CiDiffHead>
                <CiDiffToolPath Condition="'$(Bundled)' != 'true' and '$(CiDiffToolPath)' == ''">{packed.Cidiff}</CiDiffToolPath>
              </PropertyGroup>
            {Readme.Block("<PackageReference Include=\"CiDiff.MSBuild\"", "src/CiDiff.MSBuild/README.md").Split("<PropertyGroup>")[0]}
            </Project>
            """);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_rule_that_fails_is_an_error_at_the_models_file_and_one_that_warns_a_warning()
    {
        var build = (await BuildAsync()).Expect(1);

        Assert.Matches(@"models/[\w/]*customer_contacts\.sql\(\d+\): error cidiff\.primary_keys: ", build.Output);
        Assert.Matches(@"models/[\w/]*fct_orders\.sql\(\d+\): warning cidiff\.changed_rows: ", build.Output);
        Assert.Contains("error CIDIFF002: The data diff fails: see ", build.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "obj", "cidiff-report", "report.md")), build.All);
    }

    [Fact]
    public async Task Findings_are_told_whichever_formats_cidiff_yml_names()
    {
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "shop", "cidiff.yml"), "\nreports: {formats: [markdown]}\n");

        var build = (await BuildAsync()).Expect(1);

        Assert.Matches(@"customer_contacts\.sql\(\d+\): error cidiff\.primary_keys: ", build.Output);
        Assert.Matches(@"fct_orders\.sql\(\d+\): warning cidiff\.changed_rows: ", build.Output);
        Assert.Equal(["msbuild.json", "report.md"], Directory.GetFiles(Path.Combine(_folder.Path, "obj", "cidiff-report")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_diff_that_passes_lets_the_build_pass_and_shows_its_summary()
    {
        var build = (await BuildAsync("-p:CiDiffSelect=weekly_orders")).Expect();

        Assert.Contains("pass: ", build.Output, StringComparison.Ordinal);
        Assert.Contains("weekly_orders", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cidiff.", build.Output.Replace("cidiff.yml", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_tool_is_an_error_of_the_build_with_its_code()
    {
        var build = (await BuildAsync("-p:CiDiffBase=nowhere")).Expect(1);

        Assert.Matches(@"cidiff : error CID2\d{3}: .*nowhere", build.Output);
        Assert.DoesNotContain("MSB6006", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_in_the_package_runs_and_says_that_it_has_no_DuckDB()
    {
        var build = (await BuildAsync("-p:Bundled=true")).Expect(1);

        Assert.Contains("cidiff : error CID4020: ", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_an_error_that_says_how_to_install_it()
    {
        var build = (await BuildAsync("-p:CiDiffToolPath=no/cidiff")).Expect(1);

        Assert.Matches("error CIDIFF001: There is no '.*no/cidiff', which CiDiffToolPath names", build.Output);
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_stopped_with_an_error_of_its_own()
    {
        await WriteAsync("slow", "#!/bin/sh\nexec sleep 300\n");
        (await Program.RunAsync(_folder.Path, [], "chmod", "+x", "slow")).Expect();

        var build = (await BuildAsync("-p:CiDiffToolPath=slow", "-p:CiDiffTimeout=2")).Expect(1);

        Assert.Contains("error CIDIFF004: The data diff took longer than 2 s and was stopped.", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("MSB4181", build.Output, StringComparison.Ordinal);
        Assert.InRange(build.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(200));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_models_file_is_named_below_the_dbt_project_in_a_repository_and_in_none(bool isRepository)
    {
        Directory.Delete(Path.Combine(_folder.Path, ".git"));
        if (isRepository)
        {
            (await Program.RunAsync(_folder.Path, [], "git", "init", "--quiet")).Expect();
        }

        await WriteAsync("shop/dbt_project.yml", "name: shop\nprofile: shop\n");

        var build = (await BuildAsync("-p:CiDiffProjectDir=shop")).Expect(1);

        Assert.Matches(@"/shop/models/[\w/]*customer_contacts\.sql\(\d+\): error cidiff\.primary_keys: ", build.Output);
        Assert.DoesNotContain("/shop/shop/", build.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-p:CiDiffEnabled=false")]
    [InlineData("-p:DesignTimeBuild=true")]
    public async Task Switched_off_it_does_nothing(string property)
    {
        (await BuildAsync(property)).Expect();

        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "obj", "cidiff-report")));
    }

    [Fact]
    public async Task A_value_is_one_argument_whatever_is_in_it()
    {
        const string Hostile = "x; touch owned; $(touch owned) \" --publish github `touch owned`";
        await WriteAsync("Directory.Build.props", $"<Project><PropertyGroup><CiDiffSelect>{Hostile.Replace("$", "%24", StringComparison.Ordinal)}</CiDiffSelect></PropertyGroup></Project>");

        var build = (await BuildAsync()).Expect(1);

        Assert.False(File.Exists(Path.Combine(_folder.Path, "owned")));
        Assert.Matches(@"error CID\d{4}: ", build.Output);
    }

    private Task<Ended> BuildAsync(params string[] arguments) => Program.RunAsync(
        _folder.Path,
        new Dictionary<string, string?>(packed.Environment) { ["CIDIFF_CONNECTION_URL"] = $"duckdb:{Path.Combine(_folder.Path, "shop", "shop.duckdb")}" },
        "dotnet",
        ["build", "App.csproj", "--nologo", "-tl:off", .. arguments]);

    private Task WriteAsync(string path, string text) => File.WriteAllTextAsync(Path.Combine(_folder.Path, path), text);
}

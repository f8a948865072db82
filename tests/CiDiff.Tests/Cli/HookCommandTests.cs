using System.Diagnostics;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>The hook as git runs it: real pushes to a real repository, with the real program.</summary>
public sealed class HookCommandTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();
    private readonly TemporaryRepository _remote = new(initialize: false);
    private readonly TemporaryFolder _programs = new();

    public HookCommandTests()
    {
        _remote.Git("init", "--quiet", "--bare");
        _repository.Git("remote", "add", "origin", _remote.Path);
        _repository.Git("config", "user.name", "Test");
        _repository.Git("config", "user.email", "test@example.com");

        // The program that the tests were built with, as if it were installed.
        File.CreateSymbolicLink(Path.Combine(_programs.Path, "cidiff"), Path.Combine(AppContext.BaseDirectory, "cidiff"));
    }

    public void Dispose()
    {
        _repository.Dispose();
        _remote.Dispose();
        _programs.Dispose();
    }

    [Fact]
    public async Task A_push_that_breaks_a_rule_is_stopped_and_git_can_go_past_it()
    {
        var shop = await ShopAsync();
        await Run(CommandOfTheReadme());
        Change(shop);

        var stopped = Push("topic");
        var forced = Push("topic", "--no-verify");

        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("customer_contacts", stopped.Text, StringComparison.Ordinal);
        Assert.Contains("cidiff: the push is stopped.", stopped.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", stopped.Text, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
    }

    [Fact]
    public async Task A_push_without_a_file_of_the_project_is_let_through_at_once()
    {
        await ShopAsync();
        await Run("hook", "install", "--project-dir", "shop");
        _repository.Git("checkout", "--quiet", "-b", "topic");
        _repository.Commit("notes", "notes.txt");

        var push = Push("topic");

        Assert.Equal(0, push.ExitCode);
        Assert.Contains("cidiff: the commits change no file of the dbt project.", push.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_only_hook_tells_and_never_stops()
    {
        var shop = await ShopAsync();
        await Run("hook", "install", "--plan-only");
        Change(shop);

        var push = Push("topic");

        Assert.Equal(0, push.ExitCode);
        Assert.Contains("would be compared", push.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("cidiff: comparing", push.Text, StringComparison.Ordinal);

        // The demo's manifest was not made of this file.
        Assert.Contains("models/orders.sql changed since dbt wrote head's manifest", push.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0, "the push goes on")]
    [InlineData(true, 1, "the hook is strict")]
    public async Task What_cannot_be_told_stops_a_push_only_when_it_is_to(bool isStrict, int exitCode, string text)
    {
        var shop = await ShopAsync();
        await Run(isStrict ? ["hook", "install", "--strict"] : ["hook", "install"]);
        Change(shop);
        File.Delete(Path.Combine(shop, "target", "manifest.json"));

        var push = Push("topic");

        Assert.Equal(exitCode, push.ExitCode);
        Assert.Contains("error CID2001", push.Text, StringComparison.Ordinal);
        Assert.Contains(text, push.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_commit_a_tag_and_a_deletion_are_no_business_of_the_hook()
    {
        var shop = await ShopAsync();
        await Run("hook", "install");
        Change(shop);
        Push("topic", "--no-verify");
        _repository.Git("branch", "elsewhere", "main");
        _repository.Git("tag", "v1");

        Assert.Contains("not what is checked out", Push("elsewhere").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("cidiff:", Push("v1").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("cidiff:", Push(":topic").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_is_there_runs_first_with_the_same_refs_and_comes_back()
    {
        var hooks = Path.Combine(_repository.Path, ".git", "hooks");
        Directory.CreateDirectory(hooks);
        var hook = Path.Combine(hooks, "pre-push");
        await File.WriteAllTextAsync(hook, "#!/bin/sh\necho \"before: $1 $(cut -d' ' -f3)\" >&2\nexit 7\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _repository.Commit("first");

        var installed = await Run("hook", "install");
        var again = await Run("hook", "install");
        var push = Push("main");
        var removed = await Run("hook", "remove");
        var nothing = await Run("hook", "remove");

        Assert.Contains("runs first", installed.Output, StringComparison.Ordinal);
        Assert.StartsWith("Updated ", again.Output, StringComparison.Ordinal);
        Assert.Equal(1, push.ExitCode);
        Assert.Contains("before: origin refs/heads/main", push.Text, StringComparison.Ordinal);
        Assert.Contains("is back", removed.Output, StringComparison.Ordinal);
        Assert.Contains("exit 7", await File.ReadAllTextAsync(hook), StringComparison.Ordinal);
        Assert.StartsWith("There is no hook", nothing.Output, StringComparison.Ordinal);
        Assert.Equal([0, 0, 0, 0], [installed.ExitCode, again.ExitCode, removed.ExitCode, nothing.ExitCode]);
    }

    [Fact]
    public async Task The_folder_that_the_repository_names_is_used()
    {
        _repository.Git("config", "core.hooksPath", ".githooks");

        var installed = await Run("hook", "install");

        Assert.Equal(0, installed.ExitCode);
        Assert.True(File.Exists(Path.Combine(_repository.Path, ".githooks", "pre-push")));
    }

    [Fact]
    public async Task A_machine_without_cidiff_may_push()
    {
        _repository.Commit("first");
        await Run("hook", "install");

        var push = Push("main", withProgram: false);

        Assert.Equal(0, push.ExitCode);
        Assert.Contains("cidiff: not installed here", push.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".config/dotnet-tools.json", false, 0)]
    [InlineData("dotnet-tools.json", false, 0)]
    [InlineData("dotnet-tools.json", true, 1)]
    public async Task A_tool_that_is_pinned_and_not_restored_stops_a_push_only_when_it_is_to(string manifest, bool isStrict, int exitCode)
    {
        var file = Path.Combine(_repository.Path, manifest);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, """{"version": 1, "isRoot": true, "tools": {"cidiff": {"version": "0.0.1-never", "commands": ["cidiff"]}}}""");
        _repository.Commit("first");
        await Run(isStrict ? ["hook", "install", "--strict"] : ["hook", "install"]);

        var push = Push("main", withProgram: false);

        Assert.Equal(exitCode, push.ExitCode);
        Assert.Contains("dotnet tool restore", push.Text, StringComparison.Ordinal);
        Assert.Contains("cidiff: could not be run, so nothing was compared", push.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_fails_at_everything_stops_no_push()
    {
        _repository.Commit("first");
        await Run("hook", "install");
        Program("exit 1");

        Assert.Equal(0, Push("main").ExitCode);
    }

    [Fact]
    public async Task Several_projects_are_checked_one_after_the_other_and_each_can_stop_the_push()
    {
        foreach (var project in (string[])["it's", "sales"])
        {
            Directory.CreateDirectory(Path.Combine(_repository.Path, project));
            await File.WriteAllTextAsync(Path.Combine(_repository.Path, project, "dbt_project.yml"), $"name: {project}\n");
        }

        _repository.Commit("first", "it's/a.sql");
        await Run("init", "--project-dir", "it's", "--hook");
        var second = await Run("init", "--project-dir", "sales", "--hook");
        var again = await Run("hook", "install", "--project-dir", "sales", "--plan-only");
        Program("""[ "$1" = --version ] && exit 0; echo "in $(basename "$PWD"): $* $(cut -d' ' -f1)" >&2; [ "$(basename "$PWD")" != "it's" ]""");

        var push = Push("main");

        Assert.Contains("It checks it's and sales, one after the other.", second.Output, StringComparison.Ordinal);
        Assert.StartsWith("Updated ", again.Output, StringComparison.Ordinal);
        Assert.Equal(1, push.ExitCode);
        Assert.Contains($"in it's: hook run -- origin {_remote.Path} refs/heads/main", push.Text, StringComparison.Ordinal);
        Assert.Contains($"in sales: hook run --plan-only -- origin {_remote.Path} refs/heads/main", push.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\necho \"theirs: $1 $(cut -d' ' -f3)\" >&2\nexit 7\n", 1)]
    [InlineData("echo \"theirs: $1 $(cut -d' ' -f3)\" >&2", 0)]
    public async Task The_hook_is_a_part_of_huskys_own_script(string theirs, int exitCode)
    {
        // As `npx husky` of version 9 writes it.
        var husky = Path.Combine(_repository.Path, ".husky");
        Directory.CreateDirectory(Path.Combine(husky, "_"));
        await WriteProgramAsync(Path.Combine(husky, "_", "pre-push"), """
            #!/usr/bin/env sh
            . "$(dirname "$0")/h"
            """);
        await File.WriteAllTextAsync(Path.Combine(husky, "_", "h"), """
            #!/usr/bin/env sh
            n=$(basename "$0")
            s=$(dirname "$(dirname "$0")")/$n
            [ ! -f "$s" ] && exit 0
            [ "${HUSKY-}" = "0" ] && exit 0
            export PATH="node_modules/.bin:$PATH"
            sh -e "$s" "$@"
            c=$?
            [ $c != 0 ] && echo "husky - $n script failed (code $c)"
            exit $c
            """);
        var hook = Path.Combine(husky, "pre-push");
        await File.WriteAllTextAsync(hook, theirs);
        _repository.Git("config", "core.hooksPath", ".husky/_");
        _repository.Commit("first");
        Program("""[ "$1" = --version ] && exit 0; echo "ours: $(cut -d' ' -f3)" >&2""");

        var installed = await Run("hook", "install");
        await Run("hook", "install");
        var push = Push("main");
        Program("exit $([ \"$1\" = --version ]; echo $?)");
        _repository.Commit("second");
        var stopped = Push("main");
        var removed = await Run("hook", "remove");

        Assert.Contains("Added CiDiff to husky's", installed.Output, StringComparison.Ordinal);
        Assert.Equal(exitCode, push.ExitCode);
        Assert.Contains("ours: refs/heads/main", push.Text, StringComparison.Ordinal);
        Assert.Contains("theirs: origin refs/heads/main", push.Text, StringComparison.Ordinal);
        Assert.Equal(1, stopped.ExitCode);
        Assert.DoesNotContain("theirs", stopped.Text, StringComparison.Ordinal);
        Assert.Contains("Removed CiDiff from husky's", removed.Output, StringComparison.Ordinal);
        Assert.Equal(theirs.TrimEnd('\n'), (await File.ReadAllTextAsync(hook)).TrimEnd('\n'));
    }

    [Fact]
    public async Task Where_husky_has_no_script_for_it_there_is_one_and_none_afterwards()
    {
        _repository.Git("config", "core.hooksPath", ".husky/_");
        var hook = Path.Combine(_repository.Path, ".husky", "pre-push");

        await Run("hook", "install");
        var isThere = File.Exists(hook);
        var removed = await Run("hook", "remove");

        Assert.True(isThere);
        Assert.StartsWith("Removed ", removed.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(hook));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task The_time_limit_stops_a_push_only_when_the_hook_is_strict(bool isStrict, int exitCode)
    {
        var shop = await ShopAsync();
        await Run(["hook", "install", "--timeout", "0.001s", .. isStrict ? ["--strict"] : Array.Empty<string>()]);
        Change(shop);

        var push = Push("topic");

        Assert.Equal(exitCode, push.ExitCode);
        Assert.Contains("the time ", push.Text, StringComparison.Ordinal);
        Assert.Contains(isStrict ? "the hook is strict" : "the push goes on", push.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_hook_lets_no_other_commit_pass_than_the_one_that_is_checked_out()
    {
        await ShopAsync();
        await Run("hook", "install", "--strict");
        _repository.Git("branch", "elsewhere", "main");
        _repository.Git("checkout", "--quiet", "-b", "topic");
        _repository.Commit("notes", "notes.txt");

        var push = Push("elsewhere");

        Assert.Equal(1, push.ExitCode);
        Assert.Contains("the hook is strict", push.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_warehouse_that_does_not_answer_stops_a_push_only_when_the_hook_is_strict(bool isStrict, int exitCode)
    {
        var shop = await ShopAsync();
        await Run(isStrict ? ["hook", "install", "--strict"] : ["hook", "install"]);
        Change(shop);
        foreach (var database in Directory.EnumerateFiles(shop, "*.duckdb"))
        {
            File.Delete(database);
        }

        Assert.Equal(exitCode, Push("topic").ExitCode);
    }

    [Fact]
    public async Task Outside_of_a_repository_there_is_no_hook()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "hook", "install");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error CID1202", run.Error, StringComparison.Ordinal);
    }

    // What the README tells to type, without the program's name.
    private static string[] CommandOfTheReadme()
    {
        var section = File.ReadAllText(Repository.PathTo("README.md")).Split("## Before you push")[1];
        var command = section.Split("```")[1].Trim().Split(' ');
        Assert.Equal("cidiff", command[0]);
        return command[1..];
    }

    // The demo's shop, which breaks a rule, as a project in a folder of the repository.
    private async Task<string> ShopAsync()
    {
        var demo = await CliRun.InAsync(_repository.Path, "demo", "shop");
        Assert.Equal(1, demo.ExitCode);
        var shop = Path.Combine(_repository.Path, "shop");
        await File.WriteAllTextAsync(Path.Combine(shop, "dbt_project.yml"), "name: storefront\nprofile: storefront\n");
        await File.WriteAllTextAsync(Path.Combine(_repository.Path, ".gitignore"), "shop/target/\nshop/cidiff-report/\n*.duckdb\n");
        _repository.Commit("the shop");
        Assert.Equal(0, Push("main", "--no-verify").ExitCode);
        return shop;
    }

    private void Change(string shop)
    {
        _repository.Git("checkout", "--quiet", "-b", "topic");
        _repository.Commit("a change", Path.Combine(Path.GetFileName(shop), "models", "orders.sql"));
    }

    // Stands in for the tool in PATH.
    private void Program(string script)
    {
        var file = Path.Combine(_programs.Path, "cidiff");
        File.Delete(file);
        WriteProgramAsync(file, $"#!/bin/sh\n{script}\n").GetAwaiter().GetResult();
    }

    private static async Task WriteProgramAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Task<CliRun> Run(params string[] arguments)
    {
        var shop = Path.Combine(_repository.Path, "shop");
        return CliRun.InAsync(Directory.Exists(shop) && !arguments.Contains("--project-dir") ? shop : _repository.Path, arguments);
    }

    private (int ExitCode, string Text) Push(string what, string? option = null, bool withProgram = true)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = _repository.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string?[])["push", option, "origin", what])
        {
            if (word is not null)
            {
                start.ArgumentList.Add(word);
            }
        }

        var usual = Environment.GetEnvironmentVariable("PATH")!;
        start.Environment["PATH"] = withProgram ? $"{_programs.Path}:{usual}" : usual;
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("GITHUB_", StringComparison.Ordinal) || name.StartsWith("CI", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult() + error);
    }
}

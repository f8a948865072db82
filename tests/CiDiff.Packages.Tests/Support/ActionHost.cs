using System.Text.Json;
using System.Text.Json.Nodes;

namespace CiDiff.Packages.Tests.Support;

/// <summary>A GitHub runner that executes <c>action.yml</c> step by step; <c>Hosts/action.mjs</c> says how.</summary>
/// <param name="Workspace">The folder of the checkout.</param>
/// <param name="Temp">The runner's folder for temporary files: whoever shares it has the tool already.</param>
/// <param name="Artifacts">Where uploaded artifacts end up, a folder each.</param>
/// <param name="Paths">What <c>PATH</c> begins with.</param>
internal sealed record ActionHost(string Workspace, string Temp, string Artifacts, IReadOnlyList<string>? Paths = null)
{
    /// <summary>Runs the action.</summary>
    /// <param name="action">The folder of <c>action.yml</c>.</param>
    /// <param name="inputs">What the workflow gives under <c>with:</c>.</param>
    /// <param name="environment">The job's variables, besides those of the runner.</param>
    /// <param name="token">What <c>github.token</c> is.</param>
    /// <param name="payload">What <c>github.event</c> is.</param>
    public async Task<ActionRun> RunAsync(
        string action, IReadOnlyDictionary<string, string> inputs, IEnumerable<KeyValuePair<string, string?>> environment, string token = "", JsonObject? payload = null)
    {
        Directory.CreateDirectory(Temp);
        var request = Path.Combine(Temp, "request.json");
        var result = Path.Combine(Temp, "result.json");
        var variables = new Dictionary<string, string?>(environment)
        {
            ["PATH"] = string.Join(Path.PathSeparator, [.. Paths ?? [], Environment.GetEnvironmentVariable("PATH")]),
            ["HOME"] = Temp,
        };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root)
        {
            variables["DOTNET_ROOT"] = root;
        }

        await File.WriteAllTextAsync(request, JsonSerializer.Serialize(new
        {
            action,
            workspace = Workspace,
            temp = Temp,
            artifacts = Artifacts,
            inputs,
            environment = variables,
            github = new { token, @event = payload },
        }));

        var host = await Program.RunAsync(PackedTool.Hosts, [], "node", "--import", "./json-modules.mjs", "action.mjs", request, result);
        host.Expect();
        return new ActionRun(JsonNode.Parse(await File.ReadAllTextAsync(result))!.AsObject());
    }
}

/// <summary>What became of a run of the action.</summary>
internal sealed record ActionRun(JsonObject Result)
{
    /// <summary>What GitHub's parser says against action.yml.</summary>
    public IReadOnlyList<string> Errors => [.. Result["errors"]!.AsArray().Select(error => error!.GetValue<string>())];

    /// <summary>A step failed, and so does the job.</summary>
    public bool IsFailed => Result["failed"]!.GetValue<bool>();

    /// <summary>The job's page.</summary>
    public string Summary => Result["summary"]!.GetValue<string>();

    /// <summary>An output of the action.</summary>
    public string Output(string name) => Result["outputs"]![name]!.GetValue<string>();

    /// <summary>The steps in order, each with what it did.</summary>
    public IReadOnlyList<JsonObject> Steps => [.. Result["steps"]!.AsArray().Select(step => step!.AsObject())];

    /// <summary>The step that runs cidiff.</summary>
    public JsonObject Run => Steps.Single(step => step["id"]?.GetValue<string>() == "run");

    /// <summary>Everything that stood in the job's log.</summary>
    public string Log => string.Concat(Steps.Select(step => $"{step["stdout"]}{step["stderr"]}"));

    /// <summary>How a step of this action ended.</summary>
    public string Outcome(string uses) => Steps.Single(step => $"{step["uses"]}".StartsWith(uses + "@", StringComparison.Ordinal))["outcome"]!.GetValue<string>();
}

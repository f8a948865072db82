using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Cli.Output;

/// <summary>The answer of <c>cidiff doctor</c>.</summary>
internal static class DoctorAnswer
{
    private static readonly JsonWriterOptions Json = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    /// <summary>A line per check, its hint below it, and a last line that counts.</summary>
    public static void WriteText(IReadOnlyList<CheckResult> results, TextWriter writer, ConsoleOptions options)
    {
        var width = results.Max(result => result.Check.Length);
        foreach (var result in results)
        {
            var code = result.Code is { } id ? $"{id}: " : "";
            var word = options.Paint.Apply(Tone(result.Outcome), Word(result.Outcome));
            writer.Write($"{word}{new string(' ', 9 - Word(result.Outcome).Length)}{result.Check.PadRight(width)}  {code}{VisibleText.ForLog(result.Message)}\n");
            if (result.Hint is { } hint)
            {
                writer.Write($"{new string(' ', 9 + width)}  hint: {VisibleText.ForLog(hint)}\n");
            }
        }

        var problems = results.Count(result => result.Outcome == CheckOutcome.Problem);
        writer.Write(problems switch
        {
            // Nobody should read "everything" and wonder why no comment comes.
            0 when results.Any(result => result is { Check: PublishingSetup.CheckName, Outcome: not CheckOutcome.Ok }) =>
                "\nEverything that a run needs to compare is there, but posting to the pull request will not work.\n",
            0 => "\nEverything that a run needs is there.\n",
            1 => "\n1 problem.\n",
            _ => FormattableString.Invariant($"\n{problems} problems.\n"),
        });
    }

    /// <summary>The same as one JSON object: <c>ok</c>, <c>checks</c>, and all that is known of the pull request.</summary>
    public static void WriteJson(IReadOnlyList<CheckResult> results, PullRequestContext context, TextWriter writer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", results.All(result => result.Outcome != CheckOutcome.Problem));
            json.WriteStartArray("checks");
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteString("check", result.Check);
                json.WriteString("outcome", Word(result.Outcome));
                json.WriteString("message", result.Message);
                json.WriteString("code", result.Code);
                json.WriteString("hint", result.Hint);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WritePullRequest(json, context);
            json.WriteEndObject();
        }

        // A CI host takes "##" in a log as the beginning of a command; JSON has it in strings only.
        writer.Write(Encoding.UTF8.GetString(buffer.ToArray()).Replace("##", "#\\u0023", StringComparison.Ordinal));
        writer.Write('\n');
    }

    private static void WritePullRequest(Utf8JsonWriter json, PullRequestContext context)
    {
        json.WriteStartObject("pull_request");
        json.WriteString("host", context.Host.ToString().ToLowerInvariant());
        json.WriteString("event", context.Event);
        json.WriteString("repository", context.Repository);
        json.WriteString("api_url", context.ApiUrl?.AbsoluteUri);
        if (context.Number is { } number)
        {
            json.WriteNumber("number", number);
        }
        else
        {
            json.WriteNull("number");
        }

        json.WriteString("url", context.Url?.AbsoluteUri);
        json.WriteString("job_url", context.JobUrl?.AbsoluteUri);
        json.WriteString("base_branch", context.BaseBranch);
        json.WriteString("base_commit", context.BaseCommit);
        json.WriteString("head_branch", context.HeadBranch);
        json.WriteString("head_commit", context.HeadCommit);
        json.WriteString("merge_base", context.MergeBase);
        json.WriteBoolean("draft", context.IsDraft);
        json.WriteBoolean("fork", context.IsFork);
        WriteTexts(json, "labels", context.AreLabelsKnown ? context.Labels : null);
        json.WriteString("head_message", context.HeadMessage);
        WriteTexts(json, "commit_messages", context.CommitMessages);
        WriteTexts(json, "changed_files", context.ChangedFiles);
        WriteTexts(json, "notes", context.Notes);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Ok => "ok",
        CheckOutcome.Note => "note",
        CheckOutcome.Problem => "problem",
        _ => throw new UnreachableException($"{outcome}"),
    };

    private static ConsoleTone Tone(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Ok => ConsoleTone.Good,
        CheckOutcome.Note => ConsoleTone.Warn,
        CheckOutcome.Problem => ConsoleTone.Bad,
        _ => throw new UnreachableException($"{outcome}"),
    };
}

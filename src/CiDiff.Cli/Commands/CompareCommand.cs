using System.CommandLine;
using CiDiff.Artifacts;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Profiles;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff compare</c>: two relations or two queries, with or without dbt.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var options = new CompareOptions();
        var command = new Command("compare", "Compare two tables, views or queries, with or without dbt");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(host, options, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, CompareOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = options.Output(parsed);
        var texts = options.Sources(parsed);
        CompareRules rules;
        TableDiff diff;
        Sides<DiffSource> sources;
        await using (var story = Story.For(host, output))
        {
            var profile = options.Profile(parsed, host);
            var connections = ConnectionResolver.Resolve(
                options.Urls(parsed), profile, warning => story.Report(new RunEvent.Warning(warning)));
            await using var warehouses = WarehousePair.Open(connections);
            var isConnecting = warehouses.Connect();
            rules = options.Rules(parsed);
            story.Report(new RunEvent.StageStarted($"Comparing in {warehouses.Description}"));
            sources = new Sides<DiffSource>(
                Source(texts.Base, "BASE", warehouses.Databases.Base, warehouses.Warehouses.Base.Dialect),
                Source(texts.Head, "HEAD", warehouses.Databases.Head, warehouses.Warehouses.Head.Dialect));
            var comparing = TableDiffer.DiffAsync(
                new TableDiffRequest("compare", sources, options.Keys(parsed), rules),
                warehouses,
                new SessionOptions(RunId.New(), "compare", rules.Timeout, story),
                cancellationToken);
            if (isConnecting)
            {
                _ = Task.Run(RehearseAsync, CancellationToken.None);
            }

            diff = await comparing;

            async Task RehearseAsync()
            {
                Write(await Rehearsal.RunAsync(warehouses.Warehouses.Head.Dialect), host with { Output = TextWriter.Null });
                Rehearsal.ReadKeys();
            }
        }

        Write(diff, host);

        // Of a sample it means that none was found.
        return diff.HasDifferences ? ExitCodes.Fail : ExitCodes.Pass;

        void Write(TableDiff answer, CliHost to)
        {
            var report = new ModelReport(Model(texts, sources, rules), new ModelOutcome.Compared(answer));
            if (output.Format == OutputFormat.Json)
            {
                JsonReport.WriteModel(report, ValuePrivacy.Full, to.Output);
            }
            else
            {
                ConsoleReport.WriteCompare(report, ValuePrivacy.Full, to.Output, Answers.ConsoleOptions(to, output, null));
            }
        }
    }

    // In parentheses it is a query, otherwise a relation.
    private static DiffSource Source(string text, string side, string? database, SqlDialect dialect)
    {
        var trimmed = text.Trim();
        if (trimmed is ['(', .. var query, ')'])
        {
            if (string.IsNullOrWhiteSpace(query))
            {
                throw new UserErrorException(
                    ErrorCodes.InvalidCommandLine, $"The query of {side} is empty.", "Write a select in the parentheses, such as (select order_id, amount from orders).");
            }

            return new DiffSource.Query(SqlText.FromConfiguration(query, side));
        }

        var name = RelationNameParser.Parse(trimmed, dialect) ?? throw new UserErrorException(
            ErrorCodes.InvalidCommandLine,
            $"{side} '{trimmed}' is neither a relation nor a query.",
            "A relation is written schema.table, with double quotes around what is not a plain name; a query stands in parentheses.");
        return new DiffSource.Relation(database is not null && name.Database is null ? name with { Database = database } : name);
    }

    // The answer of compare has the shape of a model in run.json; what only dbt knows is empty.
    private static SelectedModel Model(Sides<string> texts, Sides<DiffSource> sources, CompareRules rules)
    {
        var id = new UniqueId("");
        return new SelectedModel
        {
            Id = id,
            Name = $"{texts.Base} and {texts.Head}",
            ResourceType = "",
            Path = "",
            Change = new NodeChange { Id = id, Kind = ChangeKind.Unmodified },
            Reason = "named on the command line",
            Relations = new Sides<RelationName?>((sources.Base as DiffSource.Relation)?.Name, (sources.Head as DiffSource.Relation)?.Name),
            KeyCandidates = [],
            Rules = rules,
        };
    }
}

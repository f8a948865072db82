using System.Runtime.CompilerServices;
using CiDiff.Cli;
using CiDiff.Warehouses;

// Asked in every pipeline's log and by every installer: answered before anything is loaded.
if (args is ["--version"])
{
    await Console.Out.WriteLineAsync(ToolVersion.Text).ConfigureAwait(false);
    return ExitCodes.Pass;
}

return await Program.RunAsync(args).ConfigureAwait(false);

internal static partial class Program
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Task<int> RunAsync(string[] args) =>
        CliApp.RunAsync(Connecting(args), CliHost.OfThisProcess());

    // `compare --url postgresql://…`: the driver is loaded, and the server answers, while the rest of the command line is read.
    private static string[] Connecting(string[] args)
    {
        foreach (var word in args is ["compare", ..] ? args : [])
        {
            WarehouseFactory.Begin(word.StartsWith("--", StringComparison.Ordinal) ? word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..] : word);
        }

        return args;
    }
}

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

    // The driver is loaded, and the server answers, while the rest of the command line is read.
    private static string[] Connecting(string[] args)
    {
        if (OnlyServer(args) is { } url)
        {
            WarehouseFactory.Begin(url);
        }

        return args;
    }

    /// <summary>The URL of the only server that a <c>compare</c> needs. Two URLs may name one database, of which one connection is enough: then null.</summary>
    internal static string? OnlyServer(string[] args)
    {
        if (args is not ["compare", ..])
        {
            return null;
        }

        var url = Value(args, "--url");
        var (inBase, inHead) = (Value(args, "--base-url") ?? url, Value(args, "--head-url") ?? url);
        return (WarehouseFactory.IsOfServer(inBase), WarehouseFactory.IsOfServer(inHead)) switch
        {
            (true, false) => inBase,
            (false, true) => inHead,
            (true, true) when inBase == inHead => inBase,
            _ => null,
        };
    }

    private static string? Value(string[] args, string option)
    {
        for (var place = 0; place < args.Length; place++)
        {
            if (args[place] == option)
            {
                return place + 1 < args.Length ? args[place + 1] : null;
            }

            if (args[place].StartsWith(option + "=", StringComparison.Ordinal))
            {
                return args[place][(option.Length + 1)..];
            }
        }

        return null;
    }
}

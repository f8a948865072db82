using System.Runtime.CompilerServices;
using CiDiff.Cli;

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
        CliApp.RunAsync(args, CliHost.OfThisProcess());
}

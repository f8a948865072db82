using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>What the parser does not hold by itself.</summary>
internal static class ArgumentRules
{
    /// <summary>Whether a word looks like an option.</summary>
    public static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    /// <summary>Takes no word that looks like an option: a mistyped option would otherwise become the argument's value.</summary>
    public static void RejectOptions<T>(this Argument<T> argument) => argument.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            if (IsOption(token.Value))
            {
                result.AddError($"Unrecognized option '{token.Value}'.");
            }
        }
    });
}

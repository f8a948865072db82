using System.Text;
using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>Finds and reads the configuration file.</summary>
public static class ConfigFile
{
    private static readonly string[] Names = ["cidiff.yml", "cidiff.yaml"];

    /// <summary>Looks for the file: the one that was named, else <c>cidiff.yml</c> or <c>cidiff.yaml</c> in the first folder that has one.</summary>
    /// <param name="named"><c>--config</c> or <c>CIDIFF_CONFIG</c>; null when nobody named one.</param>
    /// <param name="folders">The dbt project's folder, then the repository's root.</param>
    /// <returns>Its path, or null when there is none.</returns>
    /// <exception cref="UserErrorException">The named file does not exist, or both names stand side by side.</exception>
    public static string? Find(string? named, IEnumerable<string> folders)
    {
        if (named is not null)
        {
            return File.Exists(named)
                ? named
                : throw new UserErrorException(
                    ErrorCodes.FileNotFound,
                    $"There is no configuration file '{named}'.",
                    hint: "Without --config, CiDiff looks for cidiff.yml in the dbt project and in the root of the repository.");
        }

        return folders
            .Select(folder => Names.Select(name => Path.Combine(folder, name)).Where(File.Exists).ToList())
            .FirstOrDefault(found => found.Count > 0) switch
        {
            null => null,
            [var only] => only,
            var both => throw new UserErrorException(
                ErrorCodes.AmbiguousConfiguration,
                $"There are both '{both[0]}' and '{both[1]}'.",
                hint: "Keep one of them, or name one with --config."),
        };
    }

    /// <summary>Where the file is looked for, in this order, whether or not it is there.</summary>
    public static IReadOnlyList<string> Places(IEnumerable<string> folders) => [.. folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))];

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is not UTF-8.</exception>
    internal static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException error)
        {
            throw new UserErrorException(ErrorCodes.ConfigurationNotYaml, $"{path}: The file is not UTF-8.", "Save it as UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                ErrorCodes.FileNotFound,
                $"The configuration file '{path}' cannot be read: {error.Message.TrimEnd('.')}.",
                "Check its path and its permissions.",
                error);
        }
    }
}

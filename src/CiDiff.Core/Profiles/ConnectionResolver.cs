using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Profiles;

/// <summary>Finds how each side is reached: by the URL somebody gave, else by the dbt profile.</summary>
public static class ConnectionResolver
{
    /// <summary>The connections of both sides. The profile is only read when a side has no URL.</summary>
    /// <param name="urls">A URL for a side; null for the profile.</param>
    /// <param name="profile">Where the profile is looked for.</param>
    /// <param name="warn">Told what the profile asks for and CiDiff does not do.</param>
    /// <exception cref="UserErrorException">A URL or the profile cannot be understood.</exception>
    public static Sides<ConnectionSettings> Resolve(Sides<ConfiguredSecret?> urls, ProfileRequest profile, Action<string> warn)
    {
        var fromProfile = new Lazy<ConnectionSettings>(() =>
        {
            var found = Read();
            foreach (var warning in found.Warnings)
            {
                warn(warning);
            }

            return found.Connection;
        });

        return urls.Map(url => url is null
            ? fromProfile.Value
            : ConnectionUrl.Parse(url.Require().Reveal(), profile.WorkingDirectory));

        DbtProfile Read()
        {
            try
            {
                return ProfileReader.Read(profile);
            }
            catch (UserErrorException error) when (urls is not (null, null))
            {
                // Who gave one side a URL did perhaps not want a profile at all.
                var (with, without) = urls.Base is null ? ("head", "base") : ("base", "head");
                throw new UserErrorException(
                    error.Code, error.Message, $"Only {with} has a URL: give {without} one too, with --{without}-url. {error.Hint}".TrimEnd(), error);
            }
        }
    }
}

using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Profiles;

/// <summary>Finds the profile and the target that dbt itself would take, and reads the connection from it.</summary>
/// <remarks>The rules are dbt's: https://docs.getdbt.com/docs/core/connect-data-platform/connection-profiles.</remarks>
public static class ProfileReader
{
    private const string FileName = "profiles.yml";

    /// <summary>Reads the connection.</summary>
    /// <exception cref="UserErrorException">There is no such project, file, profile or target; a value cannot be rendered or used;
    /// or the warehouse is one that CiDiff cannot reach.</exception>
    public static DbtProfile Read(ProfileRequest request)
    {
        var secrets = new List<Secret>();
        var profileName = ProfileName(request, secrets);
        var path = FindFile(request);
        var file = ProfileSection.Load(path, request, secrets);
        var profile = file.Section(profileName, $"profile '{profileName}'") ?? throw new UserErrorException(
            ErrorCodes.ProfileNotFound,
            $"There is no profile '{profileName}' in '{path}'.",
            hint: Choices("profiles", file.Keys.Where(key => key != "config"))); // `config` holds flags, in old files

        var target = request.Target ?? Variable(request, "TARGET") ?? profile.Text("target") ?? "default";
        var outputs = profile.Section("outputs");
        var output = outputs?.Section(target, $"output '{target}' of profile '{profileName}'") ?? throw new UserErrorException(
            ErrorCodes.TargetNotFound,
            $"The profile '{profileName}' in '{path}' has no output '{target}'.",
            hint: Choices("outputs", outputs?.Keys ?? []));

        var warnings = new List<string>();
        var connection = ProfileOutputs.Read(output, request.WorkingDirectory, warnings);
        return new DbtProfile(profileName, target, path, connection with { Secrets = [.. connection.Secrets, .. secrets] }, warnings);
    }

    /// <summary>The folder of the dbt project, found as dbt does; null when there is none.</summary>
    /// <exception cref="UserErrorException">A folder was named and holds no <c>dbt_project.yml</c>.</exception>
    public static string? FindProjectDirectory(ProfileRequest request)
    {
        if ((request.ProjectDirectory ?? Variable(request, "PROJECT_DIR")) is { } named)
        {
            var folder = Path.GetFullPath(named, request.WorkingDirectory);
            return File.Exists(ProjectFile(folder))
                ? folder
                : throw new UserErrorException(
                    ErrorCodes.ProjectNotFound,
                    $"There is no dbt_project.yml in '{folder}'.",
                    hint: "Pass the folder of the dbt project as --project-dir.");
        }

        for (var folder = request.WorkingDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(ProjectFile(folder)))
            {
                return folder;
            }
        }

        return null;
    }

    private static string ProfileName(ProfileRequest request, List<Secret> secrets)
    {
        if ((request.Profile ?? Variable(request, "PROFILE")) is { Length: > 0 } named)
        {
            return named;
        }

        var folder = FindProjectDirectory(request) ?? throw new UserErrorException(
            ErrorCodes.ProjectNotFound,
            $"There is no dbt_project.yml in '{request.WorkingDirectory}' or above it.",
            hint: "Pass the folder of the dbt project as --project-dir, or name the profile with --profile, or the connection with --url.");
        var project = ProfileSection.Load(ProjectFile(folder), request, secrets);
        return project.Text("profile") is { Length: > 0 } profile
            ? profile
            : throw new UserErrorException(
                ErrorCodes.ProfileNotFound,
                $"'{ProjectFile(folder)}' names no profile.",
                hint: "Name one with --profile, or the connection with --url.");
    }

    private static string FindFile(ProfileRequest request)
    {
        if ((request.ProfilesDirectory ?? Variable(request, "PROFILES_DIR")) is { Length: > 0 } named)
        {
            var path = Path.Combine(Path.GetFullPath(named, request.WorkingDirectory), FileName);
            return File.Exists(path) ? path : throw NotFound([path]);
        }

        var places = new List<string> { Path.Combine(request.WorkingDirectory, FileName) };
        if ((Named(request, "HOME") ?? Named(request, "USERPROFILE")) is { } home)
        {
            places.Add(Path.Combine(home, ".dbt", FileName));
        }

        // dbt would not look here; a project that brings its profile works from any folder all the same.
        if (FindProjectDirectory(request) is { } project && project != request.WorkingDirectory)
        {
            places.Add(Path.Combine(project, FileName));
        }

        return places.Find(File.Exists) ?? throw NotFound(places);
    }

    private static UserErrorException NotFound(IReadOnlyList<string> places) => new(
        ErrorCodes.ProfilesNotFound,
        $"There is no '{string.Join("' and no '", places)}'.",
        hint: "Pass its folder as --profiles-dir, or the connection with --url.");

    private static string Choices(string what, IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{name}'")) is { Length: > 0 } list ? $"Its {what} are {list}." : $"It has no {what}.";

    // dbt 1.11 gave its variables a second prefix.
    private static string? Variable(ProfileRequest request, string name) =>
        Named(request, $"DBT_{name}") ?? Named(request, $"DBT_ENGINE_{name}");

    private static string? Named(ProfileRequest request, string name) =>
        request.Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static string ProjectFile(string folder) => Path.Combine(folder, "dbt_project.yml");
}

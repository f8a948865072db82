using System.IO.Compression;
using CiDiff.Errors;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Demo;

/// <summary>A small shop to try CiDiff on: production and a pull request in one DuckDB file, and the manifests that dbt wrote for both.</summary>
/// <remarks>The manifests are dbt 1.11's for dbt-duckdb. The tables are built here, by the models' SQL in DuckDB's words, from seeds with
/// made-up customers. <c>docs/demo.md</c> tells what the pull request changes.</remarks>
/// <param name="Folder">Where it is; full path.</param>
public sealed record DemoShop(string Folder)
{
    private const string Resources = "shop/";
    private const string Database = "shop.duckdb";
    private const string Config = "cidiff.yml";
    private const string BaseManifest = "prod/manifest.json";
    private const string HeadManifest = "target/manifest.json";

    // Says that a folder is a demo's, and may be made anew.
    private const string Marker = "README.md";
    private const string MarkerLine = "# A demo of CiDiff";

    private static readonly string[] Seeds =
    [
        "raw_customers.csv.gz", "raw_order_items.csv.gz", "raw_orders.csv.gz", "raw_payments.csv.gz", "raw_products.csv.gz", "web_sessions.csv.gz",
    ];

    /// <summary>The DuckDB file. Production is in its schemas <c>analytics</c> and <c>analytics_finance</c>, the pull request in
    /// <c>dbt_pr_42</c> and <c>dbt_pr_42_finance</c>.</summary>
    public string DatabasePath => PathOf(Database);

    /// <summary>The folder of production's <c>manifest.json</c>.</summary>
    public string BaseArtifacts => Path.GetDirectoryName(PathOf(BaseManifest))!;

    /// <summary>The folder of the pull request's <c>manifest.json</c>.</summary>
    public string HeadArtifacts => Path.GetDirectoryName(PathOf(HeadManifest))!;

    /// <summary>A <c>cidiff.yml</c> with all of this in it, so that <c>cidiff run</c> in the folder needs no options.</summary>
    public string ConfigPath => PathOf(Config);

    /// <summary>Makes the shop, or makes it anew where an earlier demo stands.</summary>
    /// <param name="folder">A folder that is new, empty, or an earlier demo's. Other files in an earlier demo's stay.</param>
    /// <param name="cancellationToken">Stops it; the folder is then incomplete.</param>
    /// <exception cref="UserErrorException">CID1003 when the folder holds something else or cannot be written, CID4020 when DuckDB's library is
    /// missing.</exception>
    public static async Task<DemoShop> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        var shop = new DemoShop(Path.GetFullPath(folder));
        try
        {
            shop.TakeFolder();
            await shop.BuildDatabaseAsync(cancellationToken);
            await shop.WriteAsync(BaseManifest, "base.manifest.json.gz", cancellationToken);
            await shop.WriteAsync(HeadManifest, "head.manifest.json.gz", cancellationToken);
            await shop.WriteAsync(Config, Config, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                ErrorCodes.DemoFolder, $"The demo cannot be written to '{shop.Folder}': {exception.Message}", "Name another folder.", exception);
        }

        return shop;
    }

    private string PathOf(string file) => Path.Combine([Folder, .. file.Split('/')]);

    private void TakeFolder()
    {
        var marker = PathOf(Marker);
        if (Directory.Exists(Folder)
            && Directory.EnumerateFileSystemEntries(Folder).Any()
            && !(File.Exists(marker) && File.ReadLines(marker).FirstOrDefault() == MarkerLine))
        {
            throw new UserErrorException(
                ErrorCodes.DemoFolder,
                $"'{Folder}' already holds other files.",
                "The demo writes shop.duckdb, cidiff.yml and more. Name a folder that is new or empty.");
        }

        Directory.CreateDirectory(BaseArtifacts);
        Directory.CreateDirectory(HeadArtifacts);
        File.WriteAllText(
            marker,
            $"""
            {MarkerLine}

            A made-up shop: production and a pull request in shop.duckdb, dbt's manifests in prod and target, and cidiff.yml.
            Run `cidiff run` or `cidiff plan` in this folder. Running `cidiff demo` again makes these files anew.

            """.ReplaceLineEndings("\n"));
    }

    private async Task BuildDatabaseAsync(CancellationToken cancellationToken)
    {
        // Made beside its place and moved there when it is whole: the file's name gives the database its own, so it needs a folder.
        var workshop = Directory.CreateDirectory(PathOf(".build"));
        try
        {
            foreach (var seed in Seeds)
            {
                await using var file = File.Create(Path.Combine(workshop.FullName, seed));
                await using var resource = Open(seed);
                await resource.CopyToAsync(file, cancellationToken);
            }

            var path = Path.Combine(workshop.FullName, Database);
            File.Delete(path);
            using (var database = DuckDbBuilder.Create(path, workshop.FullName))
            {
                await database.ExecuteAsync(await ReadAsync("base.sql", cancellationToken), cancellationToken);
                await database.ExecuteAsync(await ReadAsync("head.sql", cancellationToken), cancellationToken);
            }

            File.Move(path, DatabasePath, overwrite: true);
        }
        finally
        {
            workshop.Delete(recursive: true);
        }
    }

    private async Task WriteAsync(string file, string resource, CancellationToken cancellationToken)
    {
        await using var source = Open(resource);
        await using Stream content = resource.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(source, CompressionMode.Decompress) : source;
        await using var target = File.Create(PathOf(file));
        await content.CopyToAsync(target, cancellationToken);
    }

    private static async Task<string> ReadAsync(string resource, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Open(resource));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static Stream Open(string resource) => typeof(DemoShop).Assembly.GetManifestResourceStream(Resources + resource)!;
}

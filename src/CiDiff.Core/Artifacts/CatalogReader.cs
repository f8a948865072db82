using System.Text.Json;
using CiDiff.Errors;

namespace CiDiff.Artifacts;

/// <summary>Reads <c>catalog.json</c>.</summary>
public static class CatalogReader
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "catalog.json";

    /// <summary>Reads the catalog at a place, or beside the manifest that is there; null when there is none.</summary>
    /// <param name="path">The file itself, or a manifest, or a folder that has one or whose <c>target</c> has one.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="UserErrorException">There is one and it cannot be read.</exception>
    public static Catalog? Read(string path, CancellationToken cancellationToken) =>
        ArtifactFile.FindBeside(path, FileName) is { } file
            ? ArtifactFile.Read(file, stream => Read(stream, file, cancellationToken))
            : null;

    private static Catalog Read(Stream stream, string source, CancellationToken cancellationToken)
    {
        var relations = new Dictionary<UniqueId, CatalogRelation>();
        var problems = new List<string>();
        var document = new ArtifactDocument(source, "catalog", FileName);
        document.Read(stream, ReadSection, cancellationToken);
        return new Catalog { Source = source, GeneratedAt = document.GeneratedAt, Relations = relations, Problems = problems };

        void ReadSection(string section, JsonDocumentScanner scanner)
        {
            switch (section)
            {
                case "nodes" or "sources":
                    ArtifactDocument.ReadEntries(scanner, (id, entry) => relations[id] = ReadRelation(id, entry));
                    break;
                case "errors":
                    problems.AddRange(ArtifactDocument.Parse(scanner.ReadValue()).Items().Select(problem => problem.ToString()));
                    break;
                default:
                    scanner.SkipValue();
                    break;
            }
        }
    }

    private static CatalogRelation ReadRelation(UniqueId id, JsonElement entry)
    {
        var metadata = entry.Member("metadata");
        var columns =
            from column in entry.Member("columns").Members()
            let index = column.Value.Member("index")
            orderby index is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.MaxValue
            select new CatalogColumn(column.Value.Member("name")?.ToString() ?? column.Name, column.Value.Member("type")?.ToString() ?? "");
        return new CatalogRelation(
            id,
            metadata.Member("database")?.ToString(),
            metadata.Member("schema")?.ToString() ?? "",
            metadata.Member("name")?.ToString() ?? "",
            metadata.Member("type")?.ToString() ?? "",
            [.. columns]);
    }
}

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using CiDiff.Errors;

namespace CiDiff.Artifacts;

/// <summary>One manifest while it is read, section by section, in whatever order they come.</summary>
internal sealed class ManifestDocument
{
    private const int OldestSchema = 4;
    private const int NewestSchema = 12;
    private const int FusionPreviewSchema = 20;

    private readonly JsonDocumentScanner _document;
    private readonly string _source;
    private readonly JsonText _text;
    private readonly NodeReader _nodeReader;
    private readonly Dictionary<UniqueId, ManifestNode> _nodes = [];
    private readonly Dictionary<UniqueId, ManifestMacro> _macros = [];
    private readonly Dictionary<UniqueId, ManifestNode> _disabled = [];
    private readonly Dictionary<string, JsonFragment> _groupOwners = new(StringComparer.Ordinal);
    private ManifestMetadata? _metadata;
    private bool _hasNodes;

    public ManifestDocument(JsonDocumentScanner document, string source, ManifestReadOptions options, SharedText shared)
    {
        _document = document;
        _source = source;
        _text = new JsonText(shared);
        _nodeReader = new NodeReader(_text, options);
    }

    /// <summary>Reads all of it.</summary>
    public Manifest Read()
    {
        if (!_document.TryEnterObject())
        {
            throw _document.Beginning is [(byte)'[' or (byte)'"', ..] ? NoManifest("is JSON, but not an object") : new JsonException("it does not start with '{'");
        }

        while (_document.TryReadName(out var name))
        {
            ReadSection(_text.Name(name));
        }

        _document.ExpectEnd();
        if (_metadata is null || !_hasNodes)
        {
            throw NoManifest(_metadata is null ? "has no metadata" : "has no nodes");
        }

        // Metrics of schema v9 and older have another shape; dbt drops them when it loads such a state.
        if (_metadata.SchemaVersion <= 9)
        {
            foreach (var metric in _nodes.Values.Where(node => node.Section == ManifestSection.Metrics).ToList())
            {
                _nodes.Remove(metric.Id);
            }
        }

        return new Manifest
        {
            Source = _source,
            Metadata = _metadata,
            Nodes = _nodes,
            Macros = _macros,
            Disabled = _disabled,
            GroupOwners = _groupOwners,
        };
    }

    private void ReadSection(string name)
    {
        switch (name)
        {
            case "metadata": ReadMetadata(); break;
            case "nodes": _hasNodes = true; ReadNodes(ManifestSection.Nodes); break;
            case "sources": ReadNodes(ManifestSection.Sources); break;
            case "exposures": ReadNodes(ManifestSection.Exposures); break;
            case "metrics": ReadNodes(ManifestSection.Metrics); break;
            case "semantic_models": ReadNodes(ManifestSection.SemanticModels); break;
            case "saved_queries": ReadNodes(ManifestSection.SavedQueries); break;
            case "unit_tests": ReadNodes(ManifestSection.UnitTests); break;
            case "functions": ReadNodes(ManifestSection.Functions); break;
            case "macros": ReadEntries(ReadMacro); break;
            case "disabled": ReadEntries(ReadDisabled); break;
            case "groups": ReadEntries(ReadGroup); break;
            default: _document.SkipValue(); break;
        }
    }

    private delegate void EntryReader(UniqueId id, ReadOnlySpan<byte> json);

    private void ReadNodes(ManifestSection section) =>
        ReadEntries((id, json) => _nodes[id] = _nodeReader.Read(id, section, json));

    // Null, and the lists that some old versions wrote for an empty section, are nothing.
    private void ReadEntries(EntryReader read)
    {
        if (!_document.TryEnterObject())
        {
            _document.SkipValue();
            return;
        }

        while (_document.TryReadName(out var name))
        {
            var id = new UniqueId(_text.Name(name));
            var json = JsonRepair.Texts(_document.ReadValue());
            try
            {
                read(id, json);
            }
            catch (JsonException)
            {
                ReadAgain(id, json, read);
            }
        }
    }

    private void ReadAgain(UniqueId id, ReadOnlySpan<byte> json, EntryReader read)
    {
        try
        {
            read(id, JsonRepair.Numbers(json));
        }
        catch (JsonException error)
        {
            throw new JsonException($"the entry '{id}', which ends at byte {_document.Position}, is broken", error);
        }
    }

    private void ReadMacro(UniqueId id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonEquality.ReaderOptions);
        var sql = "";
        IReadOnlyList<string> macros = [];
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, id);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("macro_sql"u8))
            {
                reader.Read();
                sql = _text.Read(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("depends_on"u8))
            {
                reader.Read();
                macros = ReadMacroList(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        _macros[id] = new ManifestMacro(id, sql, macros.Count == 0 ? [] : macros.Select(macro => new UniqueId(macro)).ToArray());
    }

    private IReadOnlyList<string> ReadMacroList(ref Utf8JsonReader reader)
    {
        IReadOnlyList<string> macros = [];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return macros;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMacros = reader.ValueTextEquals("macros"u8);
            reader.Read();
            if (isMacros)
            {
                macros = _text.ReadList(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return macros;
    }

    // A list, since one resource can be disabled in several files; dbt looks at the first.
    private void ReadDisabled(UniqueId id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonEquality.ReaderOptions);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
        }

        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            _disabled[id] = _nodeReader.Read(id, SectionOf(id), json[start..(int)reader.BytesConsumed]);
        }
    }

    private void ReadGroup(UniqueId id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonEquality.ReaderOptions);
        var name = id.Value[(id.Value.LastIndexOf('.') + 1)..];
        var owner = default(JsonFragment);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, id);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                name = _text.Read(ref reader) ?? name;
            }
            else if (reader.ValueTextEquals("owner"u8))
            {
                reader.Read();
                owner = _text.Fragment(ref reader, json);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        _groupOwners[name] = owner;
    }

    private void ReadMetadata()
    {
        if (ArtifactDocument.Parse(_document.ReadValue()) is not { ValueKind: JsonValueKind.Object } metadata)
        {
            throw NoManifest("has no metadata");
        }

        _metadata = new ManifestMetadata(
            SchemaVersionOf(metadata),
            Text(metadata, "dbt_version"),
            Text(metadata, "generated_at"),
            Text(metadata, "project_name"),
            Text(metadata, "project_id"),
            Text(metadata, "adapter_type"),
            Text(metadata, "invocation_id"),
            metadata.TryGetProperty("quoting", out var quoting) && quoting.ValueKind == JsonValueKind.Object
                ? new QuotingPolicy(Flag(quoting, "database"), Flag(quoting, "schema"), Flag(quoting, "identifier"))
                : null,
            metadata.TryGetProperty("env", out var env) && env.ValueKind == JsonValueKind.Object
                ? env.EnumerateObject()
                    .Where(variable => variable.Value.ValueKind == JsonValueKind.String)
                    .GroupBy(variable => variable.Name, StringComparer.Ordinal)
                    .ToFrozenDictionary(variable => variable.Key, variable => variable.Last().Value.GetString()!, StringComparer.Ordinal)
                : FrozenDictionary<string, string>.Empty);
    }

    private int SchemaVersionOf(JsonElement metadata)
    {
        var address = Text(metadata, "dbt_schema_version");
        if (ArtifactFile.ParseSchema(address) is not ("manifest", var version))
        {
            throw NoManifest(ArtifactFile.Describe(address));
        }

        if (version < OldestSchema)
        {
            throw new UserErrorException(
                ErrorCodes.ManifestTooOld,
                string.Create(CultureInfo.InvariantCulture, $"'{_source}' has manifest schema v{version}, of a dbt before 1.0."),
                "Make it with dbt 1.0 or later.");
        }

        return version is <= NewestSchema or FusionPreviewSchema ? version : throw new UserErrorException(
            ErrorCodes.ManifestTooNew,
            string.Create(CultureInfo.InvariantCulture, $"'{_source}' has manifest schema v{version}, which this version of CiDiff does not know."),
            "Update CiDiff: `dotnet tool update cidiff`.");
    }

    private UserErrorException NoManifest(string what) => new(
        ErrorCodes.UnexpectedArtifact,
        $"'{_source}' is not a dbt manifest: it {what}.",
        "Name the manifest.json that dbt writes into its target folder.");

    private static ManifestSection SectionOf(UniqueId id) => id.ResourceType switch
    {
        "source" => ManifestSection.Sources,
        "exposure" => ManifestSection.Exposures,
        "metric" => ManifestSection.Metrics,
        "semantic_model" => ManifestSection.SemanticModels,
        "saved_query" => ManifestSection.SavedQueries,
        "unit_test" => ManifestSection.UnitTests,
        "function" => ManifestSection.Functions,
        _ => ManifestSection.Nodes,
    };

    private static void Expect(bool isObject, UniqueId id)
    {
        if (!isObject)
        {
            throw new JsonException($"'{id}' is not an object");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : null;

    private static bool? Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;
}

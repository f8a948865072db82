using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Reads one entry of a manifest's sections.</summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class NodeReader(JsonText text, ManifestReadOptions options)
{
    private static readonly Dictionary<byte[], Field>.AlternateLookup<ReadOnlySpan<byte>> Fields =
        Enum.GetValues<Field>()
            .SelectMany(field => NamesOf(field).Select(name => KeyValuePair.Create(Encoding.UTF8.GetBytes(name), field)))
            .ToDictionary(BytesComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();

    private readonly ColumnReader _columns = new(text);
    private readonly List<KeyValuePair<string, JsonFragment>> _other = [];

    // The keys that are read into members of their own. Every other one is kept as it is, or left out, as KeepsOther says.
    private enum Field
    {
        Access,
        Alias,
        AttachedNode,
        ColumnName,
        Columns,
        CompiledCode,
        Config,
        Constraints,
        Database,
        DependsOn,
        DeprecationDate,
        Description,
        Fqn,
        Group,
        Language,
        LatestVersion,
        Meta,
        Name,
        OriginalFilePath,
        PackageName,
        PatchPath,
        Path,
        PrimaryKey,
        RawCode,
        RelationName,
        ResourceType,
        Schema,
        SourceName,
        Tags,
        TestMetadata,
        UnrenderedConfig,
        Version,
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="id">Its key in the section.</param>
    /// <param name="section">Which section.</param>
    /// <param name="json">The whole object.</param>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public ManifestNode Read(UniqueId id, ManifestSection section, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonEquality.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"'{id}' is not an object");
        }

        var resourceType = id.ResourceType;
        var draft = new Draft();
        _other.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Fields.TryGetValue(reader.ValueSpan, out var field))
            {
                reader.Read();
                ReadField(field, ref reader, json, section, ref draft);
            }
            else if (KeepsOther(section, resourceType, reader.ValueSpan))
            {
                var name = text.Read(ref reader)!;
                reader.Read();
                _other.Add(KeyValuePair.Create(name, text.Fragment(ref reader, json)));
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new ManifestNode
        {
            Id = id,
            Section = section,
            ResourceType = draft.ResourceType ?? resourceType,
            Name = draft.Name ?? id.Value[(id.Value.LastIndexOf('.') + 1)..],
            PackageName = draft.PackageName ?? "",
            PatchPath = draft.PatchPath,
            Path = draft.Path ?? "",
            OriginalFilePath = draft.OriginalFilePath ?? "",
            Fqn = draft.Fqn ?? [],
            IsEnabled = draft.IsEnabled ?? true,
            Database = draft.Database,
            Schema = draft.Schema,
            Alias = draft.Alias,
            RelationName = draft.RelationName,
            Materialized = draft.Materialized,
            Language = draft.Language,
            RawCode = draft.RawCode ?? "",
            CompiledCode = draft.CompiledCode,
            Description = draft.Description ?? "",
            Tags = draft.Tags ?? [],
            Group = draft.Group,
            Access = draft.Access,
            Version = draft.Version,
            LatestVersion = draft.LatestVersion,
            DeprecationDate = draft.DeprecationDate,
            DependsOnNodes = draft.DependsOnNodes ?? [],
            DependsOnMacros = draft.DependsOnMacros ?? [],
            Columns = draft.Columns ?? [],
            Config = draft.Config,
            UnrenderedConfig = draft.UnrenderedConfig,
            Meta = draft.Meta,
            TestMetadata = draft.TestMetadata,
            AttachedNode = draft.AttachedNode,
            TestColumnName = draft.TestColumnName,
            Constraints = draft.Constraints,
            PrimaryKey = draft.PrimaryKey ?? [],
            SourceName = draft.SourceName,
            Other = _other.Count == 0 ? JsonFragmentMap.Empty : new JsonFragmentMap([.. _other]),
        };
    }

    // snake_case, plus what a field was or is called elsewhere.
    private static IEnumerable<string> NamesOf(Field field)
    {
        yield return JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString());
        switch (field)
        {
            case Field.RawCode:
                yield return "raw_sql"; // until schema v6
                break;
            case Field.CompiledCode:
                yield return "compiled_sql";
                break;
            case Field.Alias:
                yield return "identifier"; // what sources call it
                break;
        }
    }

    // Code, docs and links of nodes are most of a manifest's bytes, and nobody asks for them; the other sections are small.
    private static bool KeepsOther(ManifestSection section, string resourceType, ReadOnlySpan<byte> name) => section switch
    {
        ManifestSection.Nodes => resourceType != "test" && (name.SequenceEqual("checksum"u8) || name.SequenceEqual("contract"u8)),
        ManifestSection.Functions => name.SequenceEqual("checksum"u8) || name.SequenceEqual("contract"u8)
            || name.SequenceEqual("arguments"u8) || name.SequenceEqual("returns"u8) || name.SequenceEqual("overloads"u8),
        ManifestSection.UnitTests => name.SequenceEqual("checksum"u8) || name.SequenceEqual("model"u8),
        _ => !(name.SequenceEqual("created_at"u8) || name.SequenceEqual("unique_id"u8) || name.SequenceEqual("doc_blocks"u8)),
    };

    private void ReadField(Field field, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ManifestSection section, ref Draft draft)
    {
        switch (field)
        {
            case Field.Access: draft.Access = text.Read(ref reader); break;
            case Field.Alias: draft.Alias = text.Read(ref reader) ?? draft.Alias; break;
            case Field.AttachedNode: draft.AttachedNode = text.Read(ref reader) is { } node ? new UniqueId(node) : null; break;
            case Field.ColumnName: draft.TestColumnName = text.Read(ref reader); break;
            case Field.Columns: draft.Columns = _columns.Read(ref reader, json); break;
            case Field.CompiledCode: ReadCompiledCode(ref reader, ref draft); break;
            case Field.Config: ReadConfig(ref reader, json, ref draft); break;
            case Field.Constraints: draft.Constraints = NotNull(text.Fragment(ref reader, json)); break;
            case Field.Database: draft.Database = text.Read(ref reader); break;
            case Field.DependsOn: ReadDependsOn(ref reader, ref draft); break;
            case Field.DeprecationDate: draft.DeprecationDate = text.Read(ref reader); break;
            case Field.Description: ReadDescription(ref reader, json, section, ref draft); break;
            case Field.Fqn: draft.Fqn = text.ReadList(ref reader); break;
            case Field.Group: draft.Group = text.Read(ref reader); break;
            case Field.Language: draft.Language = text.Read(ref reader); break;
            case Field.LatestVersion: draft.LatestVersion = ReadVersion(ref reader); break;
            case Field.Meta: draft.Meta = text.Fragment(ref reader, json); break;
            case Field.Name: draft.Name = text.Read(ref reader); break;
            case Field.OriginalFilePath: draft.OriginalFilePath = text.Read(ref reader); break;
            case Field.PackageName: draft.PackageName = text.Read(ref reader); break;
            case Field.PatchPath: draft.PatchPath = text.Read(ref reader); break;
            case Field.Path: draft.Path = text.Read(ref reader); break;
            case Field.PrimaryKey: draft.PrimaryKey = text.ReadList(ref reader); break;
            case Field.RawCode: draft.RawCode = text.Read(ref reader) ?? draft.RawCode; break;
            case Field.RelationName: draft.RelationName = text.Read(ref reader); break;
            case Field.ResourceType: draft.ResourceType = text.Read(ref reader); break;
            case Field.Schema: draft.Schema = text.Read(ref reader); break;
            case Field.SourceName: draft.SourceName = text.Read(ref reader); break;
            case Field.Tags: draft.Tags = text.ReadList(ref reader); break;
            case Field.TestMetadata: draft.TestMetadata = NotNull(text.Fragment(ref reader, json)); break;
            case Field.UnrenderedConfig: draft.UnrenderedConfig = NotNull(text.Fragment(ref reader, json)); break;
            case Field.Version: draft.Version = ReadVersion(ref reader); break;
        }
    }

    private void ReadCompiledCode(ref Utf8JsonReader reader, ref Draft draft)
    {
        if (options.WithCompiledCode)
        {
            draft.CompiledCode = text.Read(ref reader) ?? draft.CompiledCode;
        }
        else
        {
            reader.Skip();
        }
    }

    // Metrics, semantic models and saved queries tell no description from an empty one.
    private void ReadDescription(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ManifestSection section, ref Draft draft)
    {
        if (section is ManifestSection.Metrics or ManifestSection.SemanticModels or ManifestSection.SavedQueries)
        {
            var again = reader;
            _other.Add(KeyValuePair.Create("description", text.Fragment(ref again, json)));
        }

        draft.Description = text.Read(ref reader);
    }

    private void ReadConfig(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref Draft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("enabled"u8))
            {
                reader.Read();
                draft.IsEnabled = reader.TokenType switch
                {
                    JsonTokenType.True => true,
                    JsonTokenType.False => false,
                    _ => draft.IsEnabled,
                };
                reader.Skip();
            }
            else if (reader.ValueTextEquals("materialized"u8))
            {
                reader.Read();
                draft.Materialized = text.Read(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        draft.Config = text.Fragment(json[start..(int)reader.BytesConsumed]);
    }

    private void ReadDependsOn(ref Utf8JsonReader reader, ref Draft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("nodes"u8))
            {
                reader.Read();
                draft.DependsOnNodes = Ids(text.ReadList(ref reader));
            }
            else if (reader.ValueTextEquals("macros"u8))
            {
                reader.Read();
                draft.DependsOnMacros = Ids(text.ReadList(ref reader));
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    // 2, 2.0 and "2" are the same version.
    private string? ReadVersion(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : text.Read(ref reader);

    private static UniqueId[] Ids(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return [];
        }

        var ids = new UniqueId[texts.Count];
        for (var index = 0; index < ids.Length; index++)
        {
            ids[index] = new UniqueId(texts[index]);
        }

        return ids;
    }

    private static JsonFragment NotNull(JsonFragment fragment) => fragment.IsMissingOrNull ? default : fragment;

    private struct Draft
    {
        public string? Access;
        public string? Alias;
        public UniqueId? AttachedNode;
        public IReadOnlyList<ManifestColumn>? Columns;
        public string? CompiledCode;
        public JsonFragment Config;
        public JsonFragment Constraints;
        public string? Database;
        public UniqueId[]? DependsOnMacros;
        public UniqueId[]? DependsOnNodes;
        public string? DeprecationDate;
        public string? Description;
        public IReadOnlyList<string>? Fqn;
        public string? Group;
        public bool? IsEnabled;
        public string? Language;
        public string? LatestVersion;
        public string? Materialized;
        public JsonFragment Meta;
        public string? Name;
        public string? OriginalFilePath;
        public string? PackageName;
        public string? PatchPath;
        public string? Path;
        public IReadOnlyList<string>? PrimaryKey;
        public string? RawCode;
        public string? RelationName;
        public string? ResourceType;
        public string? Schema;
        public string? SourceName;
        public IReadOnlyList<string>? Tags;
        public string? TestColumnName;
        public JsonFragment TestMetadata;
        public JsonFragment UnrenderedConfig;
        public string? Version;
    }
}

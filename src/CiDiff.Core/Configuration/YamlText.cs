using CiDiff.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CiDiff.Configuration;

/// <summary>Turns YAML into <see cref="ConfigNode"/>s: one document, text keys, no key twice; aliases are followed.</summary>
/// <remarks>YamlDotNet's own object model loses the place of keys and merges documents silently, so only its parser is used.</remarks>
internal sealed class YamlText
{
    // A list in a list in a list: deeper than any key of ours, and far from the end of the stack.
    private const int MaximumDepth = 32;

    // An alias of an alias of an alias grows exponentially.
    private const int MaximumNodes = 100_000;

    private readonly Parser _parser;
    private readonly ConfigPlace _file;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlText(string text, ConfigPlace file)
    {
        _parser = new Parser(new StringReader(text));
        _file = file;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What it is called in messages.</param>
    /// <exception cref="UserErrorException">It is not YAML, or not the YAML we take.</exception>
    public static ConfigNode Parse(string text, ConfigPlace file)
    {
        var reader = new YamlText(text, file);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException error)
        {
            throw Broken(reader.PlaceOf(error.Start), error.Message, error);
        }
        catch (InvalidOperationException error)
        {
            // YamlDotNet 16.3 throws this, and no YamlException, for `a: [1` with another key below it.
            throw Broken(reader.PlaceOf(reader._parser.Current?.End ?? Mark.Empty), "A bracket or a quote is not closed", error);
        }
    }

    private ConfigNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var end))
        {
            return new ConfigNode.Null(PlaceOf(end.Start));
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(depth: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw Broken(PlaceOf(second.Start), "A second document begins here")
            : root;
    }

    private ConfigNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var place = PlaceOf(current.Start);
        if (depth > MaximumDepth || ++_nodes > MaximumNodes)
        {
            throw Broken(place, "The document is nested too deeply or too large");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return FollowAlias(alias.Value.Value, place);
        }

        var anchor = ((NodeEvent)current).Anchor;
        ConfigNode node = current switch
        {
            YamlDotNet.Core.Events.Scalar => ReadScalar(place),
            SequenceStart => ReadSequence(place, depth),
            MappingStart => ReadMapping(place, depth),
            _ => throw Broken(place, "Something else than a value stands here"),
        };

        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private ConfigNode FollowAlias(string name, ConfigPlace place)
    {
        if (!_anchors.TryGetValue(name, out var node))
        {
            throw Broken(place, $"The alias '*{name}' has no anchor before it");
        }

        _nodes += Size(node);
        return _nodes > MaximumNodes ? throw Broken(place, "The aliases make the document too large") : node;
    }

    private static int Size(ConfigNode node) => 1 + node switch
    {
        ConfigNode.Sequence sequence => sequence.Items.Sum(Size),
        ConfigNode.Mapping mapping => mapping.Entries.Sum(entry => Size(entry.Value)),
        _ => 0,
    };

    private ConfigNode ReadScalar(ConfigPlace place)
    {
        var scalar = _parser.Consume<YamlDotNet.Core.Events.Scalar>();
        if (!scalar.Tag.IsEmpty)
        {
            throw Broken(place, $"The tag '{scalar.Tag}' is not supported");
        }

        return scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" }
            ? new ConfigNode.Null(place)
            : new ConfigNode.Scalar(place, scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private ConfigNode.Sequence ReadSequence(ConfigPlace place, int depth)
    {
        _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new ConfigNode.Sequence(place, items);
    }

    private ConfigNode.Mapping ReadMapping(ConfigPlace place, int depth)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<ConfigEntry>();
        var keys = new Dictionary<string, ConfigPlace>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = PlaceOf(_parser.Current!.Start);
            if (!_parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var key))
            {
                throw Broken(keyPlace, "A key has to be a word");
            }

            if (!keys.TryAdd(key.Value, keyPlace))
            {
                throw new UserErrorException(
                    ErrorCodes.RepeatedKey,
                    $"{keyPlace}: The key '{key.Value}' was already given in line {keys[key.Value].Line}.",
                    hint: "Keep one of the two; YAML has no rule which of them holds.");
            }

            entries.Add(new ConfigEntry(keyPlace, key.Value, ReadNode(depth + 1)));
        }

        return new ConfigNode.Mapping(place, entries);
    }

    private ConfigPlace PlaceOf(Mark mark) => _file with { Line = (int)mark.Line, Column = (int)mark.Column };

    private static UserErrorException Broken(ConfigPlace place, string what, Exception? inner = null) => new(
        ErrorCodes.ConfigurationNotYaml,
        $"{place}: {what.TrimEnd('.')}.",
        hint: "Look at that line and the one before it: indentation, a missing quote or bracket, a text with ': ' "
            + "or a leading '*', '@' or '%' that needs quotes.",
        inner);
}

using System.Globalization;
using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;

namespace CiDiff.MSBuild;

/// <summary>One rule that warns or fails, at the place of the model: an entry of CiDiff's Code Quality report.</summary>
internal sealed class Finding
{
    private Finding(XElement entry)
    {
        var location = entry.Element("location");
        Code = Text(entry, "check_name");
        Message = Text(entry, "description");
        IsError = Text(entry, "severity") != "minor";
        Path = Text(location, "path");
        Line = int.TryParse(Text(location?.Element("lines"), "begin"), NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : 0;
    }

    /// <summary>The rule, such as <c>cidiff.changed_rows</c>.</summary>
    public string Code { get; }

    /// <summary>One line.</summary>
    public string Message { get; }

    /// <summary>The rule fails; otherwise it warns.</summary>
    public bool IsError { get; }

    /// <summary>The model's file, relative to the repository.</summary>
    public string Path { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>Reads the report.</summary>
    /// <remarks>The JSON reader of netstandard2.0 shows JSON as XML: an array has elements named <c>item</c>. A package for JSON would be one more assembly that
    /// could meet another version of itself inside of MSBuild.</remarks>
    public static IReadOnlyList<Finding> Read(string path)
    {
        using (var stream = File.OpenRead(path))
        using (var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max))
        {
            return [.. XElement.Load(reader).Elements("item").Select(entry => new Finding(entry))];
        }
    }

    private static string Text(XElement? parent, string name) => parent?.Element(name)?.Value ?? "";
}

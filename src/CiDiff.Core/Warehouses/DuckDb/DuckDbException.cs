namespace CiDiff.Warehouses.DuckDb;

/// <summary>What DuckDB's library said when something failed.</summary>
/// <param name="message">Its text, which begins with the kind: <c>Catalog Error: Table with name x does not exist!</c></param>
public sealed class DuckDbException(string message) : Exception(message)
{
    /// <summary>The kind, for example <c>Catalog</c>, <c>IO</c> or <c>INTERRUPT</c>; empty when the text names none.</summary>
    public string Kind { get; } =
        message.IndexOf(" Error: ", StringComparison.Ordinal) is > 0 and var end ? message[..end] : "";

    /// <summary>The first line without the kind; the rest quotes the query.</summary>
    public string Summary
    {
        get
        {
            var line = Message.AsSpan(Kind.Length > 0 ? Kind.Length + " Error: ".Length : 0).Trim();
            var end = line.IndexOf('\n');
            return (end < 0 ? line : line[..end]).TrimEnd().ToString();
        }
    }
}

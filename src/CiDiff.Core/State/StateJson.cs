using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>Writes a comparison as JSON: what <c>cidiff state --output json</c> prints.</summary>
/// <remarks>
/// <para>An object. The lists <c>new</c>, <c>old</c>, <c>modified</c>, <c>modified.body</c>, <c>modified.configs</c>, <c>modified.relation</c>,
/// <c>modified.persisted_descriptions</c>, <c>modified.macros</c>, <c>modified.contract</c> and <c>unmodified</c> hold the unique ids that dbt's
/// <c>state:</c> method gives for that name, of every kind of resource. Beyond dbt: <c>deleted</c> and <c>disabled</c> hold ids of base,
/// <c>cosmetic</c> those modified in comments and white space only, <c>changed_macros</c> every macro that was added, changed or removed.</para>
/// <para>Objects by unique id: <c>false_positives</c> (why dbt's answer is wrong), <c>renamed</c> (old id to new id), <c>breaking_contracts</c>
/// (what is broken, and whether dbt would refuse to go on), <c>reasons</c> (of each modified resource what differs, which config and other
/// keys, and which macros). Every list and object is there, empty or not, in ordinal order.</para>
/// </remarks>
public static class StateJson
{
    // What the text holds comes from the project, and it is printed for people too.
    private static readonly JsonWriterOptions Options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the object and a line end.</summary>
    public static void Write(StateComparison comparison, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(comparison, json);
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        output.Write('\n');
    }

    private static void Write(StateComparison comparison, Utf8JsonWriter json)
    {
        var changes = comparison.Changes.Values.OrderBy(change => change.Id).ToList();
        json.WriteStartObject();
        foreach (var selector in StateSelectors.All)
        {
            WriteIds(json, selector, comparison.Select(selector));
        }

        WriteIds(json, "deleted", changes.Where(change => change.Kind == ChangeKind.Deleted).Select(change => change.Id));
        WriteIds(json, "disabled", changes.Where(change => change.Kind == ChangeKind.Disabled).Select(change => change.Id));
        WriteIds(json, "cosmetic", changes.Where(change => change.IsCosmetic).Select(change => change.Id));
        WriteIds(json, "changed_macros", comparison.ChangedMacros);

        json.WriteStartObject("false_positives");
        foreach (var change in changes.Where(change => change.FalsePositive is not null))
        {
            json.WriteString(change.Id.Value, change.FalsePositive);
        }

        json.WriteEndObject();
        json.WriteStartObject("renamed");
        foreach (var change in changes.Where(change => change is { Kind: ChangeKind.Deleted, MovedFromOrTo: not null }))
        {
            json.WriteString(change.Id.Value, change.MovedFromOrTo!.Value.Value);
        }

        json.WriteEndObject();
        json.WriteStartObject("breaking_contracts");
        foreach (var contract in comparison.BreakingContracts)
        {
            json.WriteStartObject(contract.Model.Value);
            json.WriteBoolean("stops_dbt", contract.IsVersioned);
            WriteTexts(json, "breaks", contract.Breaks);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("reasons");
        foreach (var change in changes.Where(change => change.Kind == ChangeKind.Modified))
        {
            json.WriteStartObject(change.Id.Value);
            WriteTexts(json, "changes", change.Changes.Select(StateWords.Of));
            WriteTexts(json, "config_keys", change.ConfigKeys);
            WriteTexts(json, "fields", change.Fields);
            WriteIds(json, "macros", change.Macros);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IEnumerable<UniqueId> ids) =>
        WriteTexts(json, name, ids.Select(id => id.Value));

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

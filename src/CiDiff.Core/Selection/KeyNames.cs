namespace CiDiff.Selection;

/// <summary>Column names that look like a model's key.</summary>
internal static class KeyNames
{
    // What projects put in front of a model's name to say which layer it belongs to.
    private static readonly string[] Layers = ["stg_", "int_", "fct_", "fact_", "dim_", "raw_", "src_", "base_", "mart_", "rpt_", "seed_", "snap_"];

    private static readonly string[] Whole = ["id", "pk", "pkey"];
    private static readonly string[] Endings = ["id", "key", "code"];

    /// <summary>Names that may be the key, most likely first.</summary>
    /// <param name="model">The model's name, without version: <c>orders</c>, <c>stg_orders</c>.</param>
    /// <returns><c>id</c>, <c>pk</c>, <c>pkey</c>, then <c>MODEL_id</c> for the name as it is, in the singular, and without its layer:
    /// <c>orders_id</c>, <c>order_id</c>; then for its first words, since <c>order_bands</c> may have a row per order; at last
    /// <c>MODEL_key</c> and <c>MODEL_code</c>.</returns>
    public static IEnumerable<string> Guesses(string model)
    {
        var layer = Layers.FirstOrDefault(prefix => model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        var plain = layer is null || model.Length == layer.Length ? model : model[layer.Length..];
        var words = plain.Split('_', StringSplitOptions.RemoveEmptyEntries);
        var subjects = Enumerable.Range(1, words.Length)
            .Reverse()
            .Select(count => string.Join('_', words.Take(count)))
            .Prepend(model)
            .SelectMany(name => new[] { name, Singular(name) })
            .ToList();
        return Whole
            .Concat(Endings.SelectMany(ending => subjects.Select(subject => $"{subject}_{ending}")))
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    // English only, and only what the ending gives away: a wrong guess is a column that there is not.
    private static string Singular(string word)
    {
        if (EndsWith("ies") && word.Length > 4)
        {
            return word[..^3] + "y";
        }

        if (EndsWith("sses") || EndsWith("shes") || EndsWith("ches") || EndsWith("xes"))
        {
            return word[..^2];
        }

        return EndsWith("s") && !EndsWith("ss") && !EndsWith("us") && !EndsWith("is") ? word[..^1] : word;

        bool EndsWith(string ending) => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
    }
}

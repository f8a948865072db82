namespace CiDiff.Selection;

/// <summary>Which rule named a key; in the order in which they are tried.</summary>
public enum KeySource
{
    /// <summary><c>meta.cidiff.key</c>, or <c>--key</c>.</summary>
    Explicit,

    /// <summary>The model's meta under the key tag.</summary>
    ModelMeta,

    /// <summary>The columns' meta under the key tag.</summary>
    ColumnMeta,

    /// <summary>Column tags.</summary>
    ColumnTags,

    /// <summary>A uniqueness test.</summary>
    UniqueTest,

    /// <summary>The <c>unique_key</c> config.</summary>
    UniqueKey,

    /// <summary>A primary_key constraint.</summary>
    Constraint,

    /// <summary>A column name that looks like a key; used only if unique and not null on both sides.</summary>
    NameGuess,
}

/// <summary>Columns that may be the key.</summary>
/// <param name="Columns">As written; matched to the warehouse's names ignoring case.</param>
/// <param name="Source">Which rule named them.</param>
/// <param name="Detail">What exactly, for the report ("test unique_orders_order_id"); null when the source says it all.</param>
public sealed record KeyCandidate(IReadOnlyList<string> Columns, KeySource Source, string? Detail = null)
{
    /// <summary>The candidate must be shown to be unique and not null on both sides before it is used.</summary>
    public bool MustBeProven => Source == KeySource.NameGuess;
}

using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>What is on one side of a comparison. Closed: every case is in this file.</summary>
public abstract record DiffSource
{
    private DiffSource()
    {
    }

    /// <summary>A table or view.</summary>
    public sealed record Relation(RelationName Name) : DiffSource
    {
        /// <inheritdoc/>
        public override string ToString() => Name.ToString();
    }

    /// <summary>A query.</summary>
    public sealed record Query(SqlText Sql) : DiffSource
    {
        /// <inheritdoc/>
        public override string ToString() => $"({Sql.Text})";
    }
}

/// <summary>Two tables to compare, and how. Knows nothing of dbt.</summary>
/// <param name="Model">A name for messages and query comments.</param>
/// <param name="Sources">What to read.</param>
/// <param name="KeyCandidates">What may be the key, best first; empty for none: then rows are compared as a multiset.</param>
/// <param name="Rules">Filter, columns, tolerances, samples, timeout.</param>
public sealed record TableDiffRequest(
    string Model,
    Sides<DiffSource> Sources,
    IReadOnlyList<KeyCandidate> KeyCandidates,
    CompareRules Rules);

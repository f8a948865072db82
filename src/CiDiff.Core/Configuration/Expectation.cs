using System.Diagnostics;

namespace CiDiff.Configuration;

/// <summary>How an expected value is held against the measured one.</summary>
public enum Comparison
{
    /// <summary>At most, <c>&lt;=</c>.</summary>
    AtMost,

    /// <summary>Less than, <c>&lt;</c>.</summary>
    LessThan,

    /// <summary>At least, <c>&gt;=</c>.</summary>
    AtLeast,

    /// <summary>More than, <c>&gt;</c>.</summary>
    MoreThan,

    /// <summary>Exactly, <c>=</c> or <c>==</c>.</summary>
    Exactly,
}

/// <summary>What the author of a change says will happen. Met, it turns a fail into a pass that says so; missed, it is a fail.</summary>
/// <param name="Rule">What is measured.</param>
/// <param name="Comparison">How the measured value is held against <paramref name="Value"/>.</param>
/// <param name="Value">The expected value, in a unit of the rule.</param>
/// <param name="Models">A model's name or a shell pattern of names, ignoring case; null for the model that declares it.</param>
/// <param name="Origin">For the report: "commit 1a2b3c4" or "meta.cidiff.expect".</param>
public sealed record Expectation(RuleName Rule, Comparison Comparison, Threshold Value, string? Models, string Origin)
{
    /// <summary>The pattern of an expectation that is about every model.</summary>
    internal const string EveryModel = "*";

    /// <summary>It names models, or is declared by one: somebody wants to know it of just these.</summary>
    public bool IsSpecific => Models != EveryModel;

    /// <summary>Whether it speaks of a model.</summary>
    public bool IsAbout(ModelIdentity model) => Models is null || model.Names.Any(name => Glob.IsMatch(Models, name));

    /// <summary>It says how large the value may be at most.</summary>
    public bool IsUpperBound => Comparison is Comparison.AtMost or Comparison.LessThan;

    /// <summary>What follows the rule: <c>&lt;= 5%</c>.</summary>
    public string Bound => $"{Sign} {Value}";

    /// <summary>As it is written: <c>changed_rows &lt;= 5%</c>, without the model.</summary>
    public override string ToString() => $"{Rule} {Bound}";

    private string Sign => Comparison switch
    {
        Comparison.AtMost => "<=",
        Comparison.LessThan => "<",
        Comparison.AtLeast => ">=",
        Comparison.MoreThan => ">",
        Comparison.Exactly => "=",
        _ => throw new UnreachableException(),
    };
}

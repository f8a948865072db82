namespace CiDiff.Selection;

/// <summary>One criterion of a selector: <c>2+tag:nightly+</c>.</summary>
/// <param name="Raw">As written, for messages.</param>
/// <param name="Method">The method's name, given or implied.</param>
/// <param name="Arguments">What follows the method's name after dots: <c>materialized</c> in <c>config.materialized:view</c>.</param>
/// <param name="Value">What follows the colon.</param>
/// <param name="WithChildrensParents"><c>@</c> in front: descendants, and all that these are made from.</param>
/// <param name="Ancestors">How far to go up; null for not at all.</param>
/// <param name="Descendants">How far to go down; null for not at all.</param>
internal sealed record SelectorTerm(
    string Raw,
    string Method,
    IReadOnlyList<string> Arguments,
    string Value,
    bool WithChildrensParents,
    GraphReach? Ancestors,
    GraphReach? Descendants);

/// <summary>How far a <c>+</c> goes.</summary>
/// <param name="Levels">How many steps; null for all the way.</param>
internal readonly record struct GraphReach(int? Levels);

/// <summary>Criteria that a resource must all fulfil: what commas join.</summary>
/// <param name="Raw">As written, for messages.</param>
/// <param name="Terms">At least one.</param>
internal sealed record SelectorIntersection(string Raw, IReadOnlyList<SelectorTerm> Terms);

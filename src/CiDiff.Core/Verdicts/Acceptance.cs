using CiDiff.Configuration;

namespace CiDiff.Verdicts;

/// <summary>Somebody who may write to the repository looked at the report and lets failed rules pass.</summary>
/// <param name="Rule">The rule; null for every one.</param>
/// <param name="Models">A model's name or a shell pattern of names, ignoring case; null for every one, and for rules about the run.</param>
/// <param name="By">The account's name.</param>
/// <param name="Commit">The commit whose report they saw: 40 hex digits or more. It holds for no other.</param>
/// <param name="How">For the report: <c>a comment</c>, or <c>the label cidiff:accept</c>.</param>
public sealed record Acceptance(RuleName? Rule, string? Models, string By, string Commit, string How)
{
    private const int ShortCommit = 8;

    /// <summary>It names a rule or models, so that somebody wants to know when it fits nothing.</summary>
    public bool IsSpecific => Rule is not null || Models is not null;

    /// <summary>Half a sentence: who accepted, at which commit, and how.</summary>
    public override string ToString() =>
        $"accepted by {By} at {(Commit.Length > ShortCommit ? Commit[..ShortCommit] : Commit)} ({How})";

    /// <summary>Whether it lets a failed rule pass.</summary>
    internal bool Covers(RuleName rule, ModelIdentity? model) =>
        (Rule is null || Rule == rule)
        && (Models is null || (model is not null && model.Names.Any(name => Glob.IsMatch(Models, name))));
}

/// <summary>What was accepted.</summary>
/// <param name="Acceptances">In the order in which they were given.</param>
/// <param name="Notes">What begins like one and has no effect, as sentences.</param>
public sealed record AcceptedChanges(IReadOnlyList<Acceptance> Acceptances, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing.</summary>
    public static readonly AcceptedChanges None = new([], []);
}

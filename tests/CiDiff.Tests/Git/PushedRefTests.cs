using CiDiff.Errors;
using CiDiff.Git;

namespace CiDiff.Tests.Git;

public sealed class PushedRefTests
{
    private const string Commit = "1f6ad5b1d7ad0c2e9d0cf3ab2ab5d2a50f1d5c2e";
    private const string Nothing = "0000000000000000000000000000000000000000";

    [Fact]
    public void Lines_of_git_are_told_apart()
    {
        var refs = PushedRef.Parse($"""
            refs/heads/topic {Commit} refs/heads/topic {Nothing}
            (delete) {Nothing} refs/heads/old {Commit}
            refs/tags/v1 {Commit} refs/tags/v1 {Nothing}
            HEAD {Commit} refs/heads/main {Commit}

            """);

        Assert.Equal(
            [(true, false, true), (true, true, false), (false, false, true), (true, false, false)],
            refs.Select(pushed => (pushed.IsBranch, pushed.IsDeletion, pushed.IsNew)));
    }

    [Theory]
    [InlineData("refs/heads/topic")]
    [InlineData("a b c d e")]
    public void Anything_else_is_a_coded_error(string text) =>
        Assert.Equal(ErrorCodes.InvalidCommandLine, Assert.Throws<UserErrorException>(() => PushedRef.Parse(text)).Code);
}

using CiDiff.Cli;

namespace CiDiff.Tests.Cli;

public sealed class RunIdTests
{
    [Fact]
    public void Eight_digits_that_differ()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => RunId.New()).ToList();

        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}$", id));
        Assert.True(ids.Distinct().Count() > 990);
    }
}

using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

public sealed class StateOutputTests
{
    public static TheoryData<string, string, string> Pairs() => new()
    {
        { "pr_against_main", "storefront/main/target/manifest.json", "storefront/pr/target/manifest.json" },
        { "main_against_pr", "storefront/pr/target/manifest.json", "storefront/main/target/manifest.json" },
        { "v1.11_against_v1.12", "storefront/v1.12.3/main/manifest.json", "storefront/main/target/manifest.json" },
        { "nothing", "storefront/main/target/manifest.json", "storefront/main/target/manifest.json" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_text_reads_well(string name, string @base, string head)
    {
        using var output = new StringWriter();

        StateText.Write(StateComparison.Compare(Fixture.Pair(@base, head)), output);

        Golden.Matches(output.ToString(), "state", $"{name}.txt");
    }

    [Fact]
    public void A_name_cannot_command_the_terminal()
    {
        using var output = new StringWriter();
        var head = ManifestText.Read("'nodes': {'model.shop.\\u001b[2Jm\\u202e\\nx': {}}");

        StateText.Write(StateComparison.Compare(new Sides<Manifest>(ManifestText.Read(""), head)), output);

        Assert.Contains("  model.shop.\uFFFD[2Jm\uFFFD\uFFFDx\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_has_every_list()
    {
        using var output = new StringWriter();

        StateJson.Write(StateComparison.Compare(Fixture.Pair("storefront/main/target/manifest.json", "storefront/pr/target/manifest.json")), output);

        Golden.Matches(output.ToString(), "state", "pr_against_main.json");
    }
}

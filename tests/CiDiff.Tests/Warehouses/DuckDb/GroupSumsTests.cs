using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

public sealed class GroupSumsTests
{
    /// <summary>The range and the bits of a group; keys of base and of head, each hashed as itself or, behind a colon, as something else; what is found, with the numbers of the
    /// groups that differ.</summary>
    [Theory]
    [InlineData(0, 99, 2, "1 2 3 4 50", "4 3 2 1 50", "outside 0, keys 5, groups 3, differing")]
    [InlineData(0, 99, 2, "1 2 3 4 50", "4 3 2 1 50:7", "outside 0, keys 5, groups 3, differing 12")]
    [InlineData(0, 99, 0, "1 2", "1 3", "outside 0, keys 2, groups 3, differing 2 3")]
    [InlineData(0, 99, 2, "1 1 1", "1", "outside 0, keys 1, groups 1, differing 0")]
    [InlineData(0, 99, 2, "1 1", "2 2", "outside 0, keys 1, groups 1, differing 0")]
    [InlineData(0, 99, 2, "1 100", "1 -1", "outside 2, keys 1, groups 1, differing")]
    [InlineData(0, 99, 2, "1 null", "1", "outside 1, keys 1, groups 1, differing")]
    [InlineData(-70000, 70000, 3, "-70000 0 70000", "-70000 0", "outside 0, keys 3, groups 3, differing 17500")]
    [InlineData(long.MaxValue - 200_000, long.MaxValue, 16, "9223372036854775807", "9223372036854775806", "outside 0, keys 1, groups 1, differing 3")]
    [InlineData(long.MinValue, long.MinValue + 1000, 8, "-9223372036854775808 9223372036854775807", "-9223372036854775808", "outside 1, keys 1, groups 1, differing")]
    [InlineData(5, 5, 16, "5", "5", "outside 0, keys 1, groups 1, differing")]
    public void A_group_differs_where_its_rows_do(long least, long greatest, int bits, string ofBase, string ofHead, string found)
    {
        var sums = new GroupSums(new KeyRange(least, greatest, bits));

        Add(sums, isBase: true, ofBase);
        Add(sums, isBase: false, ofHead);

        Assert.Equal(found, Text(sums.Differences()));
    }

    [Fact]
    public void Rows_that_were_added_apart_are_the_same_as_rows_that_were_added_together()
    {
        var (all, first, second) = (Empty(), Empty(), Empty());
        for (var key = 0L; key < 300_000; key += 3)
        {
            var isBase = key % 2 == 0 || key % 5 == 0;
            all.Add([isBase], [key], [(ulong)key * 0x9E3779B97F4A7C15]);
            (key is > 80_000 and < 250_000 ? first : second).Add([isBase], [key], [(ulong)key * 0x9E3779B97F4A7C15]);
        }

        first.AddNull();
        all.AddNull();
        first.Add(second);

        Assert.Equal(all.Differences(), first.Differences());
        Assert.Equal(60_000, first.Differences().BaseKeys);
        Assert.Equal(1, first.Differences().Outside);

        static GroupSums Empty() => new(new KeyRange(0, 299_999, 4));
    }

    [Fact]
    public void Groups_that_would_take_too_much_memory_are_not_asked_for()
    {
        var dialect = new DuckDbDialect();

        Assert.Equal(125_000 + 2_000_000, GroupSums.MostBytes(new KeyRange(1, 1_000_000, 2)));
        Assert.NotNull(Ask(new KeyRange(1, 1_000_000, 2)));
        Assert.Null(Ask(new KeyRange(long.MinValue, long.MaxValue, KeyRange.MostBits)));

        SqlText? Ask(KeyRange range) => dialect.CompareGroups(dialect.Sql($"is_base"), dialect.Sql($"row_key"), dialect.Sql($"row_hash"), range);
    }

    [Fact]
    public void The_text_of_an_answer_reads_back()
    {
        var differences = new GroupDifferences(1, 2, 3, 4, "AQI=");

        Assert.Equal(differences, GroupDifferences.Parse(differences.ToString()));
        Assert.Throws<FormatException>(() => GroupDifferences.Parse("1 2 3 4"));
    }

    private static void Add(GroupSums sums, bool isBase, string rows)
    {
        var keyed = rows.Split(' ').Where(row => row != "null").Select(row => row.Split(':')).ToList();
        sums.Add(
            [.. keyed.Select(_ => isBase)],
            [.. keyed.Select(row => long.Parse(row[0]))],
            [.. keyed.Select(row => (ulong)long.Parse(row[^1]) * 0x9E3779B97F4A7C15)]);
        foreach (var _ in rows.Split(' ').Where(row => row == "null"))
        {
            sums.AddNull();
        }
    }

    private static string Text(GroupDifferences found)
    {
        var marks = Convert.FromBase64String(found.Marks);
        var numbers = Enumerable.Range(0, marks.Length * 8).Where(number => (marks[number / 8] & (0x80 >> (number % 8))) != 0).ToList();
        Assert.Equal(found.Differing, numbers.Count);
        return $"outside {found.Outside}, keys {found.BaseKeys}, groups {found.Groups}, differing {string.Join(" ", numbers)}".TrimEnd();
    }
}

using CiDiff.Reports;

namespace CiDiff.Tests.Reports;

public sealed class HumanNumbersTests
{
    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0000001, "<0.01 %")]
    [InlineData(0.0001, "0.01 %")]
    [InlineData(0.002, "0.2 %")]
    [InlineData(0.0025, "0.25 %")]
    [InlineData(0.01, "1 %")]
    [InlineData(0.0245, "2.5 %")]
    [InlineData(0.124, "12.4 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.9994, "99.9 %")]
    [InlineData(0.9996, ">99.9 %")]
    [InlineData(0.9999999, ">99.9 %")]
    [InlineData(1, "100 %")]
    [InlineData(1.5, "150 %")]
    public void A_share_never_looks_like_none_or_all_when_it_is_neither(double share, string text) => Assert.Equal(text, HumanNumbers.Share(share));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_234, "1,234")]
    [InlineData(12_004_311, "12,004,311")]
    [InlineData(long.MaxValue, "9,223,372,036,854,775,807")]
    public void Thousands_are_separated(long count, string text) => Assert.Equal(text, HumanNumbers.Count(count));

    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(1_000, "1,000 rows")]
    public void A_noun_agrees_with_its_number(long count, string text) => Assert.Equal(text, HumanNumbers.Count(count, "row"));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(0.04, "0.0 s")]
    [InlineData(0.41, "0.4 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.6, "1 min 0 s")]
    [InlineData(185, "3 min 5 s")]
    [InlineData(7_860, "2 h 11 min")]
    public void A_span_of_time_has_two_units_at_most(double seconds, string text) =>
        Assert.Equal(text, HumanNumbers.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(9_960, "10 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_600, "1.0 MB")]
    [InlineData(1_234_567_890, "1.2 GB")]
    public void Bytes_have_decimal_units(long bytes, string text) => Assert.Equal(text, HumanNumbers.Bytes(bytes));

    [Theory]
    [InlineData("2026-03-02T04:10:31.204481Z", "2026-03-02 04:10 UTC")]
    [InlineData("2026-03-02T04:10:31+02:00", "2026-03-02 02:10 UTC")]
    [InlineData("2026-03-02 04:10:31", "2026-03-02 04:10 UTC")]
    [InlineData("yesterday", "–")]
    [InlineData("", "–")]
    public void A_time_is_told_in_utc(string time, string text) => Assert.Equal(text, HumanTime.Of(time));
}

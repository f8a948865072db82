using System.Globalization;
using CiDiff.Publishing;
using CiDiff.Tests.Reports;

namespace CiDiff.Tests.Publishing;

public sealed class CommentMarkerTests
{
    private static readonly string Commit = new('a', 40);

    public static TheoryData<int> Texts => [.. Enumerable.Range(0, NastyTexts.All.Length)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_name_is_read_back_and_stays_within_its_line(int text)
    {
        // Half a pair has no UTF-8, and no folder has such a name.
        var name = NastyTexts.All[text].Replace("\ud800", "", StringComparison.Ordinal).Replace("\udc00", "", StringComparison.Ordinal);
        if (name.Length == 0)
        {
            return;
        }

        foreach (var form in Enum.GetValues<MarkerForm>())
        {
            var line = new CommentMarker(name, Commit, DateTimeOffset.UnixEpoch).ToLine(form);

            Assert.Equal(new CommentMarker(name, Commit, DateTimeOffset.UnixEpoch), CommentMarker.Parse($"{line}\nreport"));
            Assert.DoesNotContain('\n', line);
            Assert.Equal(form == MarkerForm.HtmlComment ? line.Length - 3 : -1, line.IndexOf("-->", StringComparison.Ordinal));
            Assert.DoesNotContain("--", line[4..^3], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("report")]
    [InlineData("> <!-- cidiff report name=. -->")]
    [InlineData(" <!-- cidiff report name=. -->")]
    [InlineData("x\n<!-- cidiff report name=. -->")]
    [InlineData("<!-- cidiff report name= -->")]
    [InlineData("<!-- cidiff report name=a b -->")]
    [InlineData("<!-- other name=. -->")]
    public void A_comment_without_a_marker_at_its_beginning_has_none(string body) => Assert.Null(CommentMarker.Parse(body));

    [Theory]
    [InlineData("<!-- cidiff report name=. -->", null, null)]
    [InlineData("<!-- cidiff report name=. since=2026-03-02T09:00:00Z -->", null, "2026-03-02T09:00:00Z")]
    [InlineData("<!-- cidiff report name=. commit=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa since=yesterday -->\r\nreport", null, null, false)]
    [InlineData("<!-- cidiff report name=. since=99:99 -->", null, null)]
    public void What_a_marker_does_not_say_is_not_known(string body, string? commit, string? since, bool isMarker = true)
    {
        var marker = CommentMarker.Parse(body);

        Assert.Equal(isMarker, marker is not null);
        Assert.Equal(commit, marker?.Commit);
        Assert.Equal(since is null ? null : DateTimeOffset.Parse(since, CultureInfo.InvariantCulture), marker?.Since);
    }
}

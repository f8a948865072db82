using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

/// <summary>What needs another process, another user or another system to happen; the texts are DuckDB's own.</summary>
public sealed class DuckDbErrorsTests
{
    public static TheoryData<string, string, string> OpeningErrors => new()
    {
        {
            "IO Error: Could not set lock on file \"/ci/x.db\": Conflicting lock is held in /usr/bin/python3.11 (PID 4711) by user ci. See also https://duckdb.org/docs/stable/connect/concurrency",
            "CID4001",
            "Another process has 'x.db' open for writing: /usr/bin/python3.11 (PID 4711) by user ci."
        },
        {
            "IO Error: Could not set lock on file \"/ci/x.db\": Resource temporarily unavailable",
            "CID4001",
            "Another process has 'x.db' open for writing: it holds DuckDB's lock."
        },
        {
            "IO Error: Cannot open file \"c:\\ci\\x.db\": The process cannot access the file because it is being used by another process.",
            "CID4001",
            "Another process has 'x.db' open for writing: it holds DuckDB's lock."
        },
        { "IO Error: Cannot open file \"/ci/x.db\": Permission denied", "CID4003", "'x.db' may not be read." },
        {
            "IO Error: Cannot open database \"/ci/x.db\" in read-only mode: database does not exist",
            "CID4001",
            "There is no DuckDB database at 'x.db'."
        },
        {
            "Invalid Input Error: Cannot open encrypted database \"/ci/x.db\" without a key",
            "CID4001",
            "'x.db' could not be opened as a DuckDB database: Cannot open encrypted database \"/ci/x.db\" without a key."
        },
    };

    [Theory]
    [MemberData(nameof(OpeningErrors))]
    public void A_file_that_cannot_be_opened_says_why(string said, string code, string message)
    {
        var error = DuckDbErrors.CannotOpen("x.db", new DuckDbException(said));

        Assert.Equal(code, error.Code.Id);
        Assert.Equal(message, error.Message);
        Assert.NotNull(error.Hint);
    }

    [Theory]
    [InlineData("Out of Memory Error: failed to allocate data of size 16.0 KiB (58.1 MiB/57.2 MiB used)", "CID4004", "DuckDB ran out of memory: failed to allocate data of size 16.0 KiB (58.1 MiB/57.2 MiB used).")]
    [InlineData("FATAL Error: Failed: database has been invalidated because of a previous fatal error.", "CID4006", "DuckDB gave up: Failed: database has been invalidated because of a previous fatal error.")]
    [InlineData("Conversion Error: Could not convert string 'O'Brien' to INT32\n\nLINE 1: select ...", "CID4004", "A query failed: Could not convert string '…' to INT32.")]
    [InlineData("Out of Range Error: Overflow in multiplication of INT64 (1234 * 9223372036854775807)!", "CID4004", "A query failed: Overflow in multiplication of INT64 … * ….")]
    [InlineData("Invalid Input Error: missing ): SECRET(", "CID4004", "A query failed: missing ): ….")]
    [InlineData("Invalid Input Error: SECRET", "CID4004", "A query failed: a function refused a value with a text that may hold it.")]
    [InlineData("something without a kind", "CID4004", "A query failed: something without a kind.")]
    public void A_query_that_fails_says_why_but_not_with_which_values(string said, string code, string message)
    {
        var error = DuckDbErrors.QueryFailed(new(""), new DuckDbException(said));

        Assert.Equal(code, error.Code.Id);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("Invalid Input Error: Cannot execute statement of type \"INSERT\" on database \"shop\" which is attached in read-only mode!", "CID4004", "CiDiff only reads")]
    [InlineData("Permission Error: File system LocalFileSystem has been disabled by configuration", "CID4003", "enable_external_access")]
    public void A_query_that_is_refused_has_a_hint(string said, string code, string hint)
    {
        var error = DuckDbErrors.QueryFailed(new(""), new DuckDbException(said));

        Assert.Equal(code, error.Code.Id);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }
}

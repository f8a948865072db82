using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

/// <summary>Rows of one DuckDB that go into another one chunk by chunk, and rows of texts.</summary>
public sealed class DuckDbScratchTests
{
    private static readonly SessionOptions Options = new("run-1", "orders", null, null);
    private static readonly RelationName Target = new(null, null, "copied");

    public static TheoryData<string, string> Values { get; } = new()
    {
        { "BIGINT", "i" },
        { "UBIGINT", "18446744073709551615::ubigint - i::ubigint" },
        { "HUGEINT", "i::hugeint * 100000000000000000000" },
        { "DECIMAL(4,1)", "(i % 1000)::decimal(4,1)" },
        { "DECIMAL(38,5)", "(i::decimal(38,5) / 7)::decimal(38,5)" },
        { "VARCHAR", "'row number ' || i" },
        { "VARCHAR", "('Row ' || i) collate nocase" },
        { "VARCHAR", "'always the same text'" },
        { "BLOB", "('row ' || i)::blob" },
        { "TIMESTAMP_NS", "make_timestamp_ns(i * 1001)" },
        { "TIMESTAMP WITH TIME ZONE", "timestamptz '2024-01-01 00:00:00+00' + to_minutes(i)" },
        { "INTERVAL", "to_months((i % 5)::integer) + to_days((i % 7)::integer) + to_microseconds(i)" },
        { "UUID", "md5(i::varchar)::uuid" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Chunks_of_another_instance_arrive_as_they_were(string type, string expression)
    {
        const string Digest = "select count(*), count(v), count(distinct v), cast(min(v) as varchar), cast(max(v) as varchar), cast(bit_xor(hash(v)) as varchar)";
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var scratch = DuckDbScratch.Open();
        var query = $"select case when i % 10 <> 3 then {expression} end as v from range(100000) as t(i)";

        await LoadAsync(scratch, session, query, type);

        await using var other = scratch.OpenSession(Options);
        Assert.Equal(await RowAsync(session, $"{Digest} from ({query})"), await RowAsync(other, $"{Digest} from copied"));
        Assert.Equal(type, (await RowAsync(other, "select any_value(typeof(v)) from copied"))[0]);
    }

    [Fact]
    public async Task Rows_of_texts_are_cast_when_they_are_read()
    {
        using var scratch = DuckDbScratch.Open();
        var columns = new[] { Column("id", "INTEGER", isTyped: false), Column("day", "DATE", isTyped: false) };

        await scratch.LoadAsync(Target, columns, table =>
        {
            for (var row = 0; row < 5000; row++)
            {
                table.Append([$"{row}", row % 2 == 0 ? null : "0044-03-15 BC"]);
            }

            return Task.CompletedTask;
        });

        await using var session = scratch.OpenSession(Options);
        Assert.Equal([5000L, 4999L, 2500L, "0044-03-15 (BC)"], await RowAsync(session, "select count(*), max(id), count(day), cast(max(day) as varchar) from copied"));
    }

    [Fact]
    public async Task A_table_without_columns_has_rows()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var scratch = DuckDbScratch.Open();

        await scratch.LoadAsync(Target, [], table => ((IBulkSession)session).LoadAsync(Sql("select null as present from range(7)"), table, default));

        await using var other = scratch.OpenSession(Options);
        Assert.Equal([7L], await RowAsync(other, "select count(*) from copied"));
    }

    [Fact]
    public async Task A_query_that_fails_on_the_way_is_an_error_and_the_session_goes_on()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var scratch = DuckDbScratch.Open();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => LoadAsync(scratch, session, "select case when i = 500000 then error('too far') else i end as v from range(1000000) as t(i)", "BIGINT"));

        Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        Assert.Contains("too far", error.Message, StringComparison.Ordinal);
        Assert.Equal([1L], await RowAsync(session, "select 1"));
    }

    [Fact]
    public async Task Values_that_the_table_cannot_take_are_no_error_of_the_query()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var scratch = DuckDbScratch.Open();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => LoadAsync(scratch, session, "select 'no number' as v", "BIGINT"));

        Assert.Contains("could not be brought together", error.Message, StringComparison.Ordinal);
        Assert.Equal([1L], await RowAsync(session, "select 1"));
    }

    [Fact]
    public async Task Cancelling_ends_it()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var scratch = DuckDbScratch.Open();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LoadAsync(scratch, session, "select i as v from range(1000000000000) as t(i) where i % 1000000 = 0", "BIGINT", cancellation.Token));

        Assert.Equal([1L], await RowAsync(session, "select 1"));
    }

    private static ScratchColumn Column(string name, string type, bool isTyped) => new(new ColumnName(name), PortableTypes.Of(type), isTyped);

    private static SqlText Sql(string text) => SqlText.FromConfiguration(text, "a test");

    private static Task LoadAsync(
        DuckDbScratch scratch, IWarehouseSession session, string query, string type, CancellationToken cancellationToken = default) =>
        scratch.LoadAsync(Target, [Column("v", type, isTyped: true)], table => ((IBulkSession)session).LoadAsync(Sql(query), table, cancellationToken));

    private static async Task<IReadOnlyList<object?>> RowAsync(IWarehouseSession session, string query)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in session.QueryAsync(Sql(query), default))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}

using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

[Collection("postgres")]
public sealed class PostgresSessionTests(PostgresServer server)
{
    [PostgresTheory]
    [InlineData("1::smallint", 1L)]
    [InlineData("(-2147483648)::integer", -2147483648L)]
    [InlineData("9223372036854775807::bigint", 9223372036854775807L)]
    [InlineData("4294967295::oid", 4294967295L)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null::integer", null)]
    [InlineData("0.1::real", 0.1)]
    [InlineData("0.1::double precision", 0.1)]
    [InlineData("'NaN'::double precision", double.NaN)]
    [InlineData("'-Infinity'::real", double.NegativeInfinity)]
    [InlineData("'-0'::double precision", -0.0)]
    [InlineData("'NaN'::numeric", "NaN")]
    [InlineData("''::text", "")]
    [InlineData("'a'::char(3)", "a  ")]
    [InlineData("'null'::varchar", "null")]
    [InlineData("array[1, null, 3]", "{1,NULL,3}")]
    [InlineData("'{\"a\": 1}'::json", "{\"a\": 1}")]
    [InlineData("'\\xCAFE'::bytea", "\\xcafe")]
    [InlineData("'2024-02-29 12:00:00+02'::timestamptz", "2024-02-29 10:00:00+00")]
    [InlineData("'infinity'::date", "infinity")]
    [InlineData("'1 year 2 days'::interval", "1 year 2 days")]
    [InlineData("row(1, 'x')", "(1,x)")]
    [InlineData("'[1,5)'::int4range", "[1,5)")]
    public async Task Values_arrive_as_the_contract_says(string expression, object? expected)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var value = (await Rows(session, $"select {expression}"))[0][0];

        Assert.Equal(expected, value);
    }

    [PostgresTheory]
    [InlineData("12.30::numeric(10,2)", "12.30")]
    [InlineData("0::numeric", "0")]
    [InlineData("-1234567890123456789.123456789", "-1234567890123456789.123456789")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public async Task Exact_numbers_that_fit_are_decimals(string expression, string expected)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var value = Assert.IsType<decimal>((await Rows(session, $"select {expression}"))[0][0]);

        Assert.Equal(expected, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [PostgresTheory]
    [InlineData("0.12345678901234567890123456789012345")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("123456789012345678901234567890.5")]
    public async Task Exact_numbers_that_a_decimal_would_round_stay_text(string number)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(number, (await Rows(session, $"select {number}"))[0][0]);
    }

    [PostgresFact]
    public async Task A_session_sees_one_snapshot()
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, "create table t (a integer); insert into t values (1);");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        await server.ExecuteScriptAsync(database, "insert into t values (2);");

        Assert.Equal(1L, (await Rows(session, "select count(*) from t"))[0][0]);
    }

    [PostgresTheory]
    [InlineData("create table written (a integer)")]
    [InlineData("commit; create table written (a integer)")]
    [InlineData("select 1; rollback; create table written (a integer)")]
    public async Task Nothing_can_be_written(string sql)
    {
        var database = await server.CreateDatabaseAsync();
        await using var warehouse = Open(database);
        await using (var session = await warehouse.OpenSessionAsync(Options, default))
        {
            var error = await Assert.ThrowsAsync<UserErrorException>(() => Rows(session, sql));

            Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        }

        Assert.Equal("0", await server.ExecuteScriptAsync(database, "select count(*) from pg_class where relname = 'written';"));
    }

    [PostgresFact]
    public async Task A_session_goes_on_after_a_failed_query()
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => Rows(session, "select 1\n  selectt 2"));

        Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        Assert.Equal("PostgreSQL rejects the SQL of a test: syntax error at or near \"2\" (SQLSTATE 42601), line 2, column 11, at `2`.", error.Message);
        Assert.Equal(2L, (await Rows(session, "select 2"))[0][0]);
    }

    private static SessionOptions Options { get; } = new("test", "orders", TimeSpan.FromMinutes(1), null);

    private static async Task<IReadOnlyList<IReadOnlyList<object?>>> Rows(IWarehouseSession session, string sql)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "a test"), default))
        {
            rows.Add(row);
        }

        return rows;
    }

    private PostgresWarehouse Open(string database = "postgres") => new(server.Settings(database), new PostgresDialect());
}

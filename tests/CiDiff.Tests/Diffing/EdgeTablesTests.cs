using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>The answers for small pairs of tables with a trap each, of which other tools miss some.</summary>
[Collection("postgres")]
public sealed class EdgeTablesTests(PostgresServer server)
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static (PostgresServer Server, string Database)? _loaded;

    /// <summary>Table, key (empty for none), the answer.</summary>
    public static TheoryData<string, string, string> Answers { get; } = new()
    {
        { "types", "id", "1/1 rows: +0 -0 ~0 =1" },
        { "flt", "id", "5/5 rows: +0 -0 ~2 =3; d ~2" },
        { "nullkey", "id", "3/3 rows: +0 -0 ~1 =1; v ~1; null 1/1; distinct 2/2; bad rows differ" },
        { "dup", "id", "4/4 rows: +0 -0 ~1 =0; v ~1; twice 1/1 (2/2 rows); distinct 3/3; bad rows differ" },
        { "dup", "", "4/4 rows: +2 -2 =2" },
        { "comp", "k1,k2", "2/2 rows: +0 -0 ~1 =1; v ~1" },
        { "comp", "", "2/2 rows: +1 -1 =1" },
        { "tkey", "id", "50/50 rows: +0 -0 ~1 =49; v ~1" },
        { "tskey", "id", "50/50 rows: +0 -0 ~1 =49; v ~1" },
        { "empt", "id", "0/1 rows: +1 -0 ~0 =0" },
        { "empt", "", "0/1 rows: +1 -0 =0" },
        { "sch", "id", "2/2 rows: +0 -0 ~1 =1; a ~1; columns +fresh -gone ty:INTEGER>BIGINT" },
        { "sch", "", "2/2 rows: +1 -1 =1; columns +fresh -gone ty:INTEGER>BIGINT" },
        { "fk", "pid", "3/3 rows: +0 -0 ~1 =0; v ~1; twice 1/1 (2/2 rows); distinct 2/2" },
        { "pipe", "id", "40/40 rows: +0 -0 ~2 =38; a ~2; b ~1" },
        { "pipe", "", "40/40 rows: +2 -2 =38" },
        { "num", "id", "10/10 rows: +0 -0 ~1 =9; n ~1" },
        { "nul", "id", "10/10 rows: +0 -0 ~1 =9; a ~1" },
        { "nul", "", "10/10 rows: +1 -1 =9" },
        { "dup2", "id", "3/2 rows: +0 -0 ~0 =1; twice 1/0 (2/0 rows); distinct 2/2; bad rows differ" },
        { "dup2", "", "3/2 rows: +0 -1 =2" },
    };

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task PostgreSQL_gives_the_answer(string table, string key, string answer)
    {
        await using var warehouse = new PostgresWarehouse(server.Settings(await DatabaseAsync()), new PostgresDialect());

        Assert.Equal(answer, await AnswerAsync(warehouse, "ea", "eb", table, key));
    }

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task PostgreSQL_gives_the_answer_for_views(string table, string key, string answer)
    {
        await using var warehouse = new PostgresWarehouse(server.Settings(await DatabaseAsync()), new PostgresDialect());

        Assert.Equal(answer, await AnswerAsync(warehouse, "ea_views", "eb_views", table, key));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task DuckDB_gives_the_answer(string table, string key, string answer)
    {
        using var file = new DuckDbFile(await File.ReadAllTextAsync(Script("duckdb.sql")));
        await using var warehouse = file.Open();

        Assert.Equal(answer, await AnswerAsync(warehouse, "ea", "eb", table, key));
    }

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task Base_in_PostgreSQL_and_head_in_DuckDB_give_the_answer(string table, string key, string answer)
    {
        using var file = new DuckDbFile(await File.ReadAllTextAsync(Script("duckdb.sql")));
        await using var warehouses = WarehousePair.Of(new PostgresWarehouse(server.Settings(await DatabaseAsync()), new PostgresDialect()), file.Open());

        Assert.Equal(answer, await AnswerAsync(warehouses, "ea", "eb", table, key));
    }

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task Base_in_DuckDB_and_head_in_PostgreSQL_give_the_answer(string table, string key, string answer)
    {
        using var file = new DuckDbFile(await File.ReadAllTextAsync(Script("duckdb.sql")));
        await using var warehouses = WarehousePair.Of(file.Open(), new PostgresWarehouse(server.Settings(await DatabaseAsync()), new PostgresDialect()));

        Assert.Equal(answer, await AnswerAsync(warehouses, "ea", "eb", table, key));
    }

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task A_table_has_no_difference_with_its_copy(string table, string key, string answer)
    {
        _ = answer;
        await using var warehouse = new PostgresWarehouse(server.Settings(await DatabaseAsync()), new PostgresDialect());

        var diff = await Diff.TablesAsync(warehouse, "ea", "ea_views", table, key.Length == 0 ? null : key.Split(','));

        Assert.True(diff.IsIdentical, DiffText.Of(diff));
        Assert.Equal(1, diff.MatchScore);
    }

    private static Task<string> AnswerAsync(IWarehouse warehouse, string schemaBase, string schemaHead, string table, string key) =>
        AnswerAsync(WarehousePair.Of(warehouse), schemaBase, schemaHead, table, key);

    private static async Task<string> AnswerAsync(WarehousePair warehouses, string schemaBase, string schemaHead, string table, string key)
    {
        var diff = await Diff.TablesAsync(warehouses, schemaBase, schemaHead, table, key.Length == 0 ? null : key.Split(','));
        return DiffText.Of(diff)
            .Replace("integer", "INTEGER", StringComparison.Ordinal)
            .Replace("bigint", "BIGINT", StringComparison.Ordinal)

            // Of one expression the engines make different types.
            .Replace("; columns v:INTEGER>BIGINT", "", StringComparison.Ordinal)
            .Replace("; columns v:BIGINT>INTEGER", "", StringComparison.Ordinal);
    }

    private static string Script(string name) => Repository.PathTo("tests", "CiDiff.Tests", "Fixtures", "edge", name);

    private async Task<string> DatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_loaded is not { } loaded || loaded.Server != server)
            {
                var database = await server.CreateDatabaseAsync();
                await server.ExecuteFileAsync(database, Script("postgres.sql"));
                await server.ExecuteScriptAsync(database, Views);
                _loaded = loaded = (server, database);
            }

            return loaded.Database;
        }
        finally
        {
            Gate.Release();
        }
    }

    // The same tables behind views, which have no keys that the catalog knows, and other plans.
    private const string Views = """
        do $$
        declare t record;
        begin
          create schema ea_views; create schema eb_views;
          for t in select schemaname as s, tablename as n from pg_tables where schemaname in ('ea', 'eb') loop
            execute format('create view %I.%I as select * from %I.%I', t.s || '_views', t.n, t.s, t.n);
          end loop;
        end $$;
        """;
}

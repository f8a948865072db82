using System.Buffers.Binary;
using System.Globalization;
using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

public sealed class DuckDbWarehouseTests
{
    private const string Shop = """"
        create schema analytics;
        create table analytics."Orders" (
            id integer primary key,
            "Kind ""x""" varchar,
            amount decimal(10,2),
            tags varchar[],
            unique ("Kind ""x""", amount));
        create unique index by_amount on analytics."Orders" (amount, "Kind ""x""");
        create unique index by_expression on analytics."Orders" (lower("Kind ""x"""));
        create index not_unique on analytics."Orders" (amount);
        insert into analytics."Orders" select i, 'k' || i, i, [] from range(7) as t(i);
        create view analytics.big_orders as select id, amount from shop.analytics."Orders" where amount > 3;
        create table lonely as select 1 as a;
        """";

    private static readonly SessionOptions Options = new("run-1", "orders", null, null);

    [Theory]
    [InlineData("shop", "analytics", "Orders")]
    [InlineData(null, "analytics", "orders")]
    [InlineData("SHOP", "ANALYTICS", "ORDERS")]
    [InlineData(null, null, "orders")]
    public async Task A_table_is_found_ignoring_case_and_described_as_it_is_stored(string? database, string? schema, string name)
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = new DuckDbWarehouse(file.Settings with { Schema = "analytics" }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var found = await session.FindRelationAsync(new RelationName(database, schema, name), default);

        Assert.NotNull(found);
        Assert.Equal(new RelationName("shop", "analytics", "Orders"), found.Name);
        Assert.Equal(RelationKind.Table, found.Kind);
        Assert.Equal(7, found.EstimatedRows);
        Assert.Equal(
            ["id INTEGER", "Kind \"x\" VARCHAR", "amount DECIMAL(10,2)", "tags VARCHAR[]"],
            found.Columns.Select(column => $"{column.Name} {column.Type.Name}"));
        Assert.Equal(
            ["id", "Kind \"x\", amount", "amount, Kind \"x\""],
            found.UniqueKeys.Select(key => string.Join(", ", key)));
    }

    [Fact]
    public async Task A_view_is_found_and_read_with_the_database_s_name_that_its_query_names()
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var found = await session.FindRelationAsync(new RelationName(null, "analytics", "big_orders"), default);

        Assert.NotNull(found);
        Assert.Equal(RelationKind.View, found.Kind);
        Assert.Equal(["id", "amount"], found.Columns.Select(column => column.Name.Value));
        Assert.Empty(found.UniqueKeys);
        Assert.Null(found.EstimatedRows);
        Assert.Equal(3L, await ScalarAsync(session, "select count(*) from shop.analytics.big_orders"));
    }

    [Theory]
    [InlineData("shop", "analytics", "nothing")]
    [InlineData("shop", "nothing", "orders")]
    [InlineData("nothing", "analytics", "orders")]
    [InlineData(null, null, "orders")] // main is the schema without a name
    public async Task What_is_not_there_is_null(string? database, string? schema, string name)
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Null(await session.FindRelationAsync(new RelationName(database, schema, name), default));
        Assert.NotNull(await session.FindRelationAsync(new RelationName(null, null, "lonely"), default));
    }

    [Fact]
    public async Task A_profile_s_schema_that_was_never_built_does_not_stop_anything()
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = new DuckDbWarehouse(file.Settings with { Schema = "dbt_pr_1" }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(7L, await ScalarAsync(session, "select count(*) from analytics.orders"));
    }

    [Fact]
    public async Task The_file_is_not_changed_and_nothing_is_left_beside_it()
    {
        using var file = new DuckDbFile(Shop);
        var before = await File.ReadAllBytesAsync(file.Path);

        await using (var warehouse = file.Open())
        {
            await using var session = await warehouse.OpenSessionAsync(Options, default);
            await ScalarAsync(session, "select count(*) from analytics.orders");
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal([file.Path], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(file.Path)!));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries("."), path => path.Contains(":memory", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shop.v2.duckdb", "shop")]
    [InlineData("memory.duckdb", "memory")]
    [InlineData("temp.db", "temp_db")]
    [InlineData(".hidden.db", "hidden")]
    [InlineData("it's \"mine\".db", "it's \"mine\"")]
    public async Task A_file_s_database_has_the_name_that_DuckDB_gives_it(string fileName, string database)
    {
        using var file = new DuckDbFile("create table t as select current_database() as name", fileName);
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var found = await session.FindRelationAsync(new RelationName(null, null, "t"), default);

        Assert.Equal(database, found?.Name.Database);
        Assert.Equal(database, await ScalarAsync(session, "select name from t"));
        Assert.Equal("{}", await ScalarAsync(session, "select cidiff_json('{ }') from t"));
    }

    [Fact]
    public async Task Sessions_run_side_by_side()
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = file.Open();

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var session = await warehouse.OpenSessionAsync(Options, default);
            return await ScalarAsync(session, "select count(*) from analytics.orders, range(100000)");
        }));

        Assert.All(counts, count => Assert.Equal(700000L, count));
        Assert.InRange(warehouse.Concurrency, 1, 4);
    }

    [Fact]
    public async Task Settings_hold_but_not_those_that_would_download_something()
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = new DuckDbWarehouse(file.Settings with
        {
            Settings = new Dictionary<string, string>
            {
                ["Memory_Limit"] = "123MB",
                ["threads"] = "1",
                ["autoinstall_known_extensions"] = "true",
                ["AUTOLOAD_known_extensions"] = "true",
                ["default_null_order"] = "nulls_first",
            },
        }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal("117.3 MiB", await ScalarAsync(session, "select current_setting('memory_limit')"));
        Assert.Equal(1L, await ScalarAsync(session, "select current_setting('threads')"));
        Assert.Equal(false, await ScalarAsync(session, "select current_setting('autoinstall_known_extensions')"));
        Assert.Equal(false, await ScalarAsync(session, "select current_setting('autoload_known_extensions')"));
        Assert.Equal("UTC", await ScalarAsync(session, "select current_setting('TimeZone')"));
        Assert.Null(await ScalarAsync(session, "select x from (values (1), (null)) as t(x) order by x limit 1"));
    }

    [Theory]
    [InlineData("nosuch", "1", "DuckDB rejected the setting 'nosuch': unrecognized configuration parameter \"nosuch\".")]
    [InlineData("memory_limit", "hunter2", "DuckDB rejected the setting 'memory_limit': ")]
    [InlineData("default_null_order", "hunter2", "DuckDB rejected the setting 'default_null_order': ")]
    public async Task A_setting_that_does_not_exist_or_not_with_this_value_is_an_error_without_the_value(string name, string value, string message)
    {
        await using var warehouse = new DuckDbWarehouse(
            new() { Path = ":memory:", Settings = new Dictionary<string, string> { [name] = value } }, DuckDbFile.Dialect);

        var error = await OpeningErrorAsync(warehouse);

        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_is_not_installed_is_an_error_and_is_not_downloaded()
    {
        using var none = new TemporaryFolder();
        await using var warehouse = new DuckDbWarehouse(
            new()
            {
                Path = ":memory:",
                Extensions = ["json", "spatial"],
                Settings = new Dictionary<string, string> { ["extension_directory"] = none.Path },
            },
            DuckDbFile.Dialect);

        var error = await OpeningErrorAsync(warehouse);

        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.StartsWith("DuckDB rejected the extension 'spatial': ", error.Message, StringComparison.Ordinal);
        Assert.Contains("downloads no extensions", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_in_memory_spills_to_a_folder_that_is_gone_afterwards()
    {
        var temporary = Directory.CreateTempSubdirectory("cidiff-tests-");
        try
        {
            await using (var warehouse = new DuckDbWarehouse(new()
            {
                Path = ":memory:",
                Settings = new Dictionary<string, string>
                {
                    ["memory_limit"] = "60MB",
                    ["threads"] = "1",
                    ["temp_directory"] = Path.Combine(temporary.FullName, "spill"),
                },
            }, DuckDbFile.Dialect))
            {
                await using var session = await warehouse.OpenSessionAsync(Options, default);

                var distinct = await ScalarAsync(session, "select count(*) from (select distinct i, repeat('x', 30) || i from range(1500000) as t(i))");

                Assert.Equal(1500000L, distinct);
                Assert.NotEmpty(temporary.EnumerateFileSystemInfos());
            }

            Assert.Empty(temporary.EnumerateFileSystemInfos());
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Base_and_head_in_two_files_are_read_by_one_query()
    {
        using var prod = new DuckDbFile(Shop, "shop.duckdb");
        using var mine = new DuckDbFile("create schema s; create table s.orders as select i as id from range(5) as t(i)", "mine.duckdb");
        var pair = DuckDbWarehouse.OpenPair(new Sides<ConnectionSettings.DuckDb>(prod.Settings, mine.Settings), DuckDbFile.Dialect);
        await using var warehouse = pair.Warehouse;
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(new Sides<string>("shop", "mine"), pair.Databases);
        Assert.Equal($"DuckDB, {prod.Path} and {mine.Path}", warehouse.Description);
        Assert.Equal(5L, await ScalarAsync(session, "select count(*) from shop.analytics.orders as b join mine.s.orders as h on b.id = h.id"));
        Assert.Equal(3L, await ScalarAsync(session, "select count(*) from shop.analytics.big_orders"));
    }

    [Fact]
    public async Task One_file_for_both_sides_is_opened_once()
    {
        using var file = new DuckDbFile(Shop);
        var pair = DuckDbWarehouse.OpenPair(new Sides<ConnectionSettings.DuckDb>(file.Settings, file.Settings), DuckDbFile.Dialect);
        await using var warehouse = pair.Warehouse;
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(new Sides<string>("shop", "shop"), pair.Databases);
        Assert.Equal(3L, await ScalarAsync(session, "select count(*) from shop.analytics.big_orders"));
    }

    [Fact]
    public async Task A_missing_file_is_an_error_and_is_not_made()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.duckdb");
        await using var warehouse = new DuckDbWarehouse(new() { Path = path }, DuckDbFile.Dialect);

        var error = await OpeningErrorAsync(warehouse);

        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.Equal($"There is no DuckDB database at '{path}'.", error.Message);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("empty")]
    [InlineData("cut")]
    public async Task A_file_that_is_no_database_is_an_error(string kind)
    {
        using var file = new DuckDbFile(Shop);
        var bytes = await File.ReadAllBytesAsync(file.Path);
        await File.WriteAllBytesAsync(file.Path, kind switch
        {
            "text" => [.. Enumerable.Repeat((byte)'x', 20000)],
            "empty" => [],
            _ => bytes[..8192],
        });
        await using var warehouse = file.Open();

        var error = await OpeningErrorAsync(warehouse);

        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.Contains($"'{file.Path}' could not be opened as a DuckDB database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_storage_version_is_an_error_that_says_so()
    {
        using var file = new DuckDbFile(Shop);
        MakeNewer(file.Path);
        await using var warehouse = file.Open();

        var error = await OpeningErrorAsync(warehouse);

        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.Contains("was written by a DuckDB that this one (v1.5.5) cannot read", error.Message, StringComparison.Ordinal);
        Assert.Contains("storage_version", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select * from nothing", "CID4002")]
    [InlineData("select * from nothing.orders", "CID4002")]
    [InlineData("select * from no.such.orders", "CID4002")]
    [InlineData("select nothing from analytics.orders", "CID4004")]
    [InlineData("selec 1", "CID4004")]
    [InlineData("select nothing(1)", "CID4004")]
    [InlineData("select * from read_csv('nothing.csv')", "CID4004")]
    [InlineData("select id::tinyint + 2147483647::integer from analytics.orders", "CID4004")]
    public async Task A_query_that_fails_has_a_code_and_the_session_goes_on(string query, string code)
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => ScalarAsync(session, query + " /* */"));

        Assert.Equal(code, error.Code.Id);
        Assert.NotNull(error.InnerException);
        Assert.Equal(7L, await ScalarAsync(session, "select count(*) from analytics.orders"));
    }

    [Theory]
    [InlineData("select ('secret ' || id)::integer from analytics.orders")]
    [InlineData("select ('it''s secret ' || chr(10) || id)::date from analytics.orders")]
    [InlineData("select error('not ''secret'' ' || id) from analytics.orders")]
    public async Task An_error_does_not_quote_what_is_in_the_table(string query)
    {
        using var file = new DuckDbFile(Shop);
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => ScalarAsync(session, query));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("A query failed (a test): ", error.Message, StringComparison.Ordinal);
    }

    // The version stands behind the word DUCK in the first block, whose checksum stands before it; DuckDB tells the right one.
    private static void MakeNewer(string path)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(12), 99);
        File.WriteAllBytes(path, bytes);
        var wrong = Assert.Throws<DuckDbException>(() => DuckDbConnection.Open(path, new Dictionary<string, string>()));
        var checksum = ulong.Parse(wrong.Message.Split("computed checksum ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, checksum);
        File.WriteAllBytes(path, bytes);
    }

    private static async Task<UserErrorException> OpeningErrorAsync(DuckDbWarehouse warehouse) =>
        await Assert.ThrowsAsync<UserErrorException>(() => warehouse.OpenSessionAsync(Options, default));

    private static async Task<object?> ScalarAsync(IWarehouseSession session, string sql)
    {
        object? value = null;
        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "a test"), default))
        {
            value = row[0];
        }

        return value;
    }
}

using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Warehouses.Postgres;

[Collection("postgres")]
public sealed class PostgresCatalogTests(PostgresServer server)
{
    private const string Types =
        """
        create schema custom;
        create type mood as enum ('sad', 'happy');
        create type place as (x integer, y integer);
        create domain positive as integer check (value > 0);
        create domain small_positive as positive check (value < 10);
        create domain tags as text[];
        create domain custom.label as varchar(9);
        create type floats as range (subtype = float8);
        """;

    private const string Relations =
        """
        create schema "Odd Schema";
        create table plain (id integer primary key, note varchar(20), dropped integer, amount numeric(12,2));
        alter table plain drop column dropped;
        insert into plain select n, 'x', n from generate_series(1, 1000) as n;
        analyze plain;
        create view looked as select id, amount / 2 as half from plain;
        create materialized view kept as select id from plain;
        create unique index on kept (id);
        create table parted (id bigint, day date, primary key (id, day)) partition by range (day);
        create table parted_1 partition of parted for values from ('2024-01-01') to ('2025-01-01');
        create table parted_2 partition of parted for values from ('2025-01-01') to ('2026-01-01');
        insert into parted select n, '2024-06-01' from generate_series(1, 300) as n;
        insert into parted select n, '2025-06-01' from generate_series(1, 200) as n;
        analyze parted_1;
        analyze parted_2;
        create table "Odd Schema"."Quote""d" ("Mixed Case" integer, "sp ace" text, "select" text);
        create foreign data wrapper nothing;
        create server nowhere foreign data wrapper nothing;
        create foreign table far (a integer) server nowhere;
        create table columnless ();
        create sequence counter;
        create type counted as (a integer);
        """;

    [PostgresTheory]
    [InlineData("plain", RelationKind.Table, "id integer, note character varying(20), amount numeric(12,2)", 1000L)]
    [InlineData("looked", RelationKind.View, "id integer, half numeric", null)]
    [InlineData("kept", RelationKind.MaterializedView, "id integer", 1000L)]
    [InlineData("parted", RelationKind.Table, "id bigint, day date", 500L)]
    [InlineData("parted_1", RelationKind.Table, "id bigint, day date", 300L)]
    [InlineData("Odd Schema.Quote\"d", RelationKind.Table, "Mixed Case integer, sp ace text, select text", null)]
    [InlineData("far", RelationKind.Other, "a integer", null)]
    [InlineData("columnless", RelationKind.Table, "", null)]
    public async Task Relations_of_every_kind_are_found(string name, RelationKind kind, string columns, long? rows)
    {
        var database = await server.DatabaseAsync(Relations);
        var parts = name.Split('.');

        var relation = await FindAsync(database, new RelationName(database, parts.Length == 2 ? parts[0] : "public", parts[^1]));

        Assert.NotNull(relation);
        Assert.Equal(new RelationName(database, parts.Length == 2 ? parts[0] : "public", parts[^1]), relation.Name);
        Assert.Equal(kind, relation.Kind);
        Assert.Equal(columns, string.Join(", ", relation.Columns.Select(column => $"{column.Name} {column.Type.Name}")));
        Assert.Equal(rows, relation.EstimatedRows);
    }

    [PostgresTheory]
    [InlineData("public", "missing")]
    [InlineData("missing", "plain")]
    [InlineData("public", "PLAIN")]
    [InlineData("public", "counter")]
    [InlineData("public", "counted")]
    [InlineData("public", "plain_pkey")]
    public async Task What_is_no_relation_to_read_is_not_found(string schema, string name)
    {
        var database = await server.DatabaseAsync(Relations);

        Assert.Null(await FindAsync(database, new RelationName(null, schema, name)));
    }

    [PostgresTheory]
    [InlineData("integer", TypeFamily.Integer)]
    [InlineData("smallint", TypeFamily.Integer)]
    [InlineData("bigint", TypeFamily.Integer)]
    [InlineData("oid", TypeFamily.Integer)]
    [InlineData("numeric", TypeFamily.Decimal)]
    [InlineData("numeric(10,4)", TypeFamily.Decimal)]
    [InlineData("numeric(5,-2)", TypeFamily.Decimal)]
    [InlineData("real", TypeFamily.Float)]
    [InlineData("double precision", TypeFamily.Float)]
    [InlineData("boolean", TypeFamily.Boolean)]
    [InlineData("text", TypeFamily.Text)]
    [InlineData("character varying", TypeFamily.Text)]
    [InlineData("character varying(7)", TypeFamily.Text)]
    [InlineData("character(3)", TypeFamily.Text)]
    [InlineData("\"char\"", TypeFamily.Text)]
    [InlineData("name", TypeFamily.Text)]
    [InlineData("date", TypeFamily.Date)]
    [InlineData("time without time zone", TypeFamily.Time)]
    [InlineData("time(3) with time zone", TypeFamily.Time)]
    [InlineData("timestamp without time zone", TypeFamily.Timestamp)]
    [InlineData("timestamp(3) without time zone", TypeFamily.Timestamp)]
    [InlineData("timestamp with time zone", TypeFamily.TimestampWithZone)]
    [InlineData("interval", TypeFamily.Interval)]
    [InlineData("uuid", TypeFamily.Uuid)]
    [InlineData("bytea", TypeFamily.Binary)]
    [InlineData("json", TypeFamily.Json)]
    [InlineData("jsonb", TypeFamily.Json)]
    [InlineData("integer[]", TypeFamily.Array)]
    [InlineData("character varying(5)[]", TypeFamily.Array)]
    [InlineData("numeric(9,3)[]", TypeFamily.Array)]
    [InlineData("timestamp(0) without time zone[]", TypeFamily.Array)]
    [InlineData("mood", TypeFamily.Enumeration)]
    [InlineData("mood[]", TypeFamily.Array)]
    [InlineData("place", TypeFamily.Composite)]
    [InlineData("positive", TypeFamily.Integer)]
    [InlineData("small_positive", TypeFamily.Integer)]
    [InlineData("tags", TypeFamily.Array)]
    [InlineData("custom.label", TypeFamily.Text)]
    [InlineData("int4range", TypeFamily.Other)]
    [InlineData("floats", TypeFamily.Other)]
    [InlineData("money", TypeFamily.Other)]
    [InlineData("inet", TypeFamily.Other)]
    [InlineData("bit(3)", TypeFamily.Other)]
    [InlineData("bit varying(9)", TypeFamily.Other)]
    [InlineData("xml", TypeFamily.Other)]
    [InlineData("tsvector", TypeFamily.Other)]
    [InlineData("point", TypeFamily.Other)]
    public async Task Columns_of_tables_and_of_queries_have_the_same_types(string type, TypeFamily family)
    {
        var database = await server.DatabaseAsync(Types);
        await server.ExecuteScriptAsync(database, $"drop table if exists typed; create table typed (value {type});");
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var table = (await session.FindRelationAsync(new RelationName(null, "public", "typed"), default))!.Columns;
        var query = await session.DescribeQueryAsync(SqlText.FromConfiguration("select value from typed", "a test"), default);

        Assert.Equal([new Column(new ColumnName("value"), new ColumnType(type, family))], table);
        Assert.Equal(family, Assert.Single(query).Type.Family);
        if (type is not ("positive" or "small_positive" or "tags" or "custom.label"))
        {
            Assert.Equal(table, query); // the protocol describes a domain as the type below it
        }
    }

    [PostgresFact]
    public async Task A_citext_column_is_text()
    {
        var database = await server.CreateDatabaseAsync();
        if (await server.ExecuteScriptAsync(database, "select count(*) from pg_available_extensions where name = 'citext'") == "0")
        {
            return; // the server came without its contrib modules
        }

        await server.ExecuteScriptAsync(database, "create extension citext; create table t (a citext);");

        var relation = await FindAsync(database, new RelationName(null, "public", "t"));

        Assert.Equal(new ColumnType("citext", TypeFamily.Text) { HasLooseEquality = true }, Assert.Single(relation!.Columns).Type);
    }

    [PostgresFact]
    public async Task A_collation_that_holds_different_bytes_equal_is_said()
    {
        var database = await server.CreateDatabaseAsync();
        if (await server.ExecuteScriptAsync(database, "select count(*) from pg_collation where collprovider = 'i'") == "0")
        {
            return; // a server without ICU has no such collations
        }

        await server.ExecuteScriptAsync(
            database,
            """
            create table strict (a text, b varchar(3) collate "C", c integer);
            create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            create table t (a text collate loose, b text, c integer);
            """);
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var table = await session.FindRelationAsync(new RelationName(null, "public", "t"), default);
        var query = await session.DescribeQueryAsync(SqlText.FromConfiguration("select a, b, c from t", "a test"), default);

        Assert.Equal([true, false, false], table!.Columns.Select(column => column.Type.HasLooseEquality));
        Assert.Equal([true, true, false], query.Select(column => column.Type.HasLooseEquality)); // of a query nobody knows
    }

    [PostgresFact]
    public async Task A_query_is_described_without_running_it()
    {
        var database = await server.DatabaseAsync(Relations);
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var columns = await session.DescribeQueryAsync(
            SqlText.FromConfiguration("select id, note as \"The Note\", pg_sleep(60) is null as slept, 1 / 0 as never from plain -- the end", "a test"), default);

        Assert.Equal(["id", "The Note", "slept", "never"], columns.Select(column => column.Name.Value));
        Assert.Equal(["integer", "character varying(20)", "boolean", "integer"], columns.Select(column => column.Type.Name));
    }

    [PostgresTheory]
    [InlineData("create table t (a int primary key, b int)", "a")]
    [InlineData("create table t (a int, b int, unique (b, a))", "b,a")]
    [InlineData("create table t (a int unique, b int, primary key (b))", "b; a")]
    [InlineData("create table t (a int, b int); create unique index on t (b) include (a)", "b")]
    [InlineData("create table t (a int, b int, unique (a) deferrable initially deferred)", "a")]
    [InlineData("create table t (a int, b int); create unique index on t (a) where b > 0", "")]
    [InlineData("create table t (a int, b int); create unique index on t ((a + 1))", "")]
    [InlineData("create table t (a int, b int); create unique index on t (a, (b + 1))", "")]
    [InlineData("create table t (a int, b int); create index on t (a)", "")]
    [InlineData("create table t (a text); create unique index on t (a text_pattern_ops)", "")]
    [InlineData("create table t (a varchar(3)); create unique index on t (a)", "a")]
    [InlineData("create table t (a int, b int, exclude using btree (a with =))", "")]
    [InlineData("create table t (a int unique); create table child () inherits (t)", "")]
    [InlineData("create table t (a int, b int, primary key (a)) partition by list (a); create table p partition of t for values in (1)", "a")]
    [InlineData("create table t (x int, a int, b int, unique (b, a)); alter table t drop column x", "b,a")]
    public async Task Unique_keys_are_those_the_server_enforces_for_every_row(string script, string expected)
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await server.ExecuteScriptAsync(database, $"drop schema if exists keys cascade; create schema keys; set search_path = keys; {script};");

        var relation = await FindAsync(database, new RelationName(null, "keys", "t"));

        Assert.Equal(expected, string.Join("; ", relation!.UniqueKeys.Select(key => string.Join(",", key))));
    }

    [PostgresFact]
    public async Task An_index_that_could_not_be_built_is_no_key()
    {
        var database = await MakeAsync("create table t (a int); insert into t values (1), (1);");
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.ExecuteScriptAsync(database, "create unique index concurrently broken on t (a);"));

        var relation = await FindAsync(database, new RelationName(null, "public", "t"));

        Assert.Empty(relation!.UniqueKeys);
    }

    [PostgresFact]
    public async Task A_name_without_schema_is_looked_for_in_the_schema_of_the_settings_and_then_on_the_search_path()
    {
        var database = await MakeAsync(
            """
            create schema analytics;
            create schema extra;
            create table twice (a int);
            create table analytics.twice (a int);
            create table once (a int);
            create table extra.hidden (a int);
            """);
        var settings = server.Settings(database);

        Assert.Equal("public", await SchemaAsync(settings, "twice"));
        Assert.Equal("analytics", await SchemaAsync(settings with { Schema = "analytics" }, "twice"));
        Assert.Equal("public", await SchemaAsync(settings with { Schema = "analytics" }, "once"));
        Assert.Null(await SchemaAsync(settings, "hidden"));
        Assert.Equal("extra", await SchemaAsync(settings with { SearchPath = "extra, public" }, "hidden"));
        Assert.Equal("analytics", await SchemaAsync(settings with { SearchPath = "\"analytics\"" }, "twice"));

        static async Task<string?> SchemaAsync(ConnectionSettings.Postgres settings, string name)
        {
            await using var warehouse = PostgresTestWarehouse.Open(settings);
            await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
            return (await session.FindRelationAsync(new RelationName(null, null, name), default))?.Name.Schema;
        }
    }

    [PostgresFact]
    public async Task Another_database_is_said_to_be_out_of_reach()
    {
        var database = await server.DatabaseAsync(Relations);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => FindAsync(database, new RelationName("elsewhere", "public", "plain")));

        Assert.Equal(ErrorCodes.OtherDatabase, error.Code);
        Assert.Equal(
            $"\"elsewhere\".\"public\".\"plain\" is in another database than the connection, \"{database}\", and PostgreSQL cannot read across databases.",
            error.Message);
    }

    [PostgresFact]
    public async Task A_look_up_is_one_query()
    {
        var database = await server.DatabaseAsync(Relations);
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        await session.FindRelationAsync(new RelationName(null, "public", "plain"), default);

        Assert.Equal(1, session.QueriesSent);
    }

    [PostgresFact]
    public async Task Two_relations_are_looked_up_by_one_query_and_are_what_each_is_by_itself()
    {
        var database = await server.DatabaseAsync(Relations);
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var tables = await session.RowsAsync("select relname from pg_class where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace = 'public'::regnamespace order by 1");
        var names = tables.Select(row => (RelationName?)new RelationName(null, "public", (string)row[0]!)).Append(new RelationName(null, "public", "nowhere")).ToList();

        foreach (var (inBase, inHead) in names.Zip(names.Skip(1).Append(names[0])).Append((null, names[0])).Append((names[0], null)).Append((names[1], names[1])))
        {
            var before = session.QueriesSent;
            var found = await session.FindRelationsAsync(new(inBase, inHead), default);

            Assert.Equal(1, session.QueriesSent - before);
            Assert.Equal(await TextAsync(inBase), Text(found.Base));
            Assert.Equal(await TextAsync(inHead), Text(found.Head));
        }

        Assert.True(names.Count > 5);

        async Task<string> TextAsync(RelationName? name) => Text(name is null ? null : await session.FindRelationAsync(name, default));

        static string Text(RelationInfo? found) => found is null
            ? "none"
            : $"{found} {string.Join(", ", found.Columns)} {string.Join("; ", found.UniqueKeys.Select(key => string.Join(", ", key)))}";
    }

    private async Task<string> MakeAsync(string script)
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, script);
        return database;
    }

    private async Task<RelationInfo?> FindAsync(string database, RelationName relation)
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        return await session.FindRelationAsync(relation, default);
    }
}

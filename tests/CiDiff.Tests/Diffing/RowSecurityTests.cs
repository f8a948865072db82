using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>What a policy hides is not called identical without a word.</summary>
[Collection("postgres")]
public sealed class RowSecurityTests(PostgresServer server)
{
    private const string Script = """
        create schema a; create schema b;
        create table a.orders as select i as id, i % 7 as v from generate_series(1, 100) as g(i);
        create table b.orders as select id, case when id > 50 then -1 else v end as v from a.orders;
        create table a.plain as table a.orders; create table b.plain as table b.orders;
        create view a.view as table a.orders; create view b.view as table b.orders;
        create role secured_reader login password 'little';
        grant usage on schema a, b to secured_reader; grant select on all tables in schema a, b to secured_reader;
        create role strict_reader login password 'strict' in role secured_reader; alter role strict_reader set row_security = off;
        do $$ declare t text; begin
            foreach t in array array['a.orders', 'b.orders', 'b.plain'] loop
                execute 'alter table ' || t || ' enable row level security';
                execute 'create policy lower_half on ' || t || ' using (id <= 50)';
            end loop;
        end $$;
        """;

    [PostgresFact]
    public async Task A_user_for_whom_policies_are_errors_is_told_what_helps()
    {
        var database = await server.DatabaseAsync(Script);
        await using var warehouse = new PostgresWarehouse(
            server.Settings(database) with { User = "strict_reader", Password = new Secret("strict") }, new PostgresDialect());

        var error = await Assert.ThrowsAsync<UserErrorException>(() => Diff.TablesAsync(warehouse, "a", "b", "orders", ["id"]));

        Assert.Equal(ErrorCodes.AccessDenied, error.Code);
        Assert.StartsWith("Set row_security to on", error.Hint, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("orders", "50/50 rows: +0 -0 ~0 =50", "Row-level security applies to base and head: only the rows that the connection's user may see are compared.")]
    [InlineData("plain", "100/50 rows: +0 -50 ~0 =50", "Row-level security applies to head: only the rows that the connection's user may see are compared.")]
    [InlineData("view", "100/100 rows: +0 -0 ~50 =50; v ~50", null)]
    public async Task A_policy_for_the_user_is_told(string table, string answer, string? note)
    {
        var database = await server.DatabaseAsync(Script);
        await using var warehouse = new PostgresWarehouse(
            server.Settings(database) with { User = "secured_reader", Password = new Secret("little") }, new PostgresDialect());
        await using var ofOwner = new PostgresWarehouse(server.Settings(database), new PostgresDialect());

        var diff = await Diff.TablesAsync(warehouse, "a", "b", table, ["id"]);
        var whole = await Diff.TablesAsync(ofOwner, "a", "b", table, ["id"]);

        Assert.Equal(answer, DiffText.Of(diff));
        Assert.Equal(note is null ? [] : [note], diff.Notes.Where(text => text.StartsWith("Row-level", StringComparison.Ordinal)));
        Assert.Equal("100/100 rows: +0 -0 ~50 =50; v ~50", DiffText.Of(whole));
        Assert.DoesNotContain(whole.Notes, text => text.StartsWith("Row-level", StringComparison.Ordinal));
    }
}

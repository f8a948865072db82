using System.Globalization;

namespace CiDiff.Warehouses.Postgres;

/// <summary>What <c>pg_catalog</c> says of relations and types.</summary>
internal static class PostgresCatalog
{
    // A domain is compared as the type below it. Arguments: the type's identifier.
    private static SqlText BaseType(SqlDialect dialect, SqlText type) => dialect.Sql($"""
        lateral (
            with recursive below as (
                select t.oid, t.typname, t.typnamespace, t.typtype, t.typcategory, t.typbasetype
                from pg_catalog.pg_type as t
                where t.oid = {type}
                union all
                select t.oid, t.typname, t.typnamespace, t.typtype, t.typcategory, t.typbasetype
                from below
                join pg_catalog.pg_type as t on t.oid = below.typbasetype
                where below.typtype = 'd'
            )
            select
                below.typname,
                below.typtype::text as kind,
                below.typcategory::text as category,
                below.typnamespace = 'pg_catalog'::regnamespace as built_in
            from below
            where below.typtype <> 'd'
        ) as base_type
        """);

    /// <summary>A relation, for <see cref="Columns"/>: one row, or none.</summary>
    /// <param name="dialect">PostgreSQL's.</param>
    /// <param name="relation">Its name.</param>
    /// <param name="isHead">Whose it is.</param>
    /// <param name="schema">Where to look first for a name without schema; null for the search path alone.</param>
    public static SqlText Relation(SqlDialect dialect, RelationName relation, bool isHead, string? schema)
    {
        var place = (relation.Schema, schema) switch
        {
            ({ } own, _) => dialect.Sql($"n.nspname = {new SqlLiteral(own)}"),
            (null, { Length: > 0 } first) => dialect.Sql($"(n.nspname = {new SqlLiteral(first)} or pg_catalog.pg_table_is_visible(c.oid))"),
            _ => dialect.Sql($"pg_catalog.pg_table_is_visible(c.oid)"),
        };
        var order = dialect.Sql($"n.nspname = {new SqlLiteral(relation.Schema ?? schema ?? "")}");
        var side = isHead ? dialect.Sql($"true") : dialect.Sql($"false");
        return dialect.Sql($"""
            (
                select {side} as is_head, c.oid, n.nspname, c.relname, c.relkind::text as relkind, c.reltuples, c.relpages
                from pg_catalog.pg_class as c
                join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
                where c.relname = {new SqlLiteral(relation.Name)}
                    and c.relkind in ('r', 'p', 'v', 'm', 'f')
                    and {place}
                order by {order} desc
                limit 1
            )
            """);
    }

    /// <summary>One row a column, in order; one row with null for a column when a relation has none; no row without relation.</summary>
    /// <param name="dialect">PostgreSQL's.</param>
    /// <param name="relations">What <see cref="Relation"/> gave for each.</param>
    /// <param name="server">The server's version.</param>
    public static SqlText Columns(SqlDialect dialect, IReadOnlyList<SqlText> relations, Version server)
    {
        var keyLength = server.Major >= 11 ? dialect.Sql($"i.indnkeyatts") : dialect.Sql($"i.indnatts");

        // A partitioned table's own estimate is missing until somebody analyzes it by name, which autovacuum does not.
        var partitions = server.Major >= 12
            ? dialect.Sql($"""
                (
                    select sum(p.reltuples)
                    from pg_catalog.pg_partition_tree(found.oid) as leaf
                    join pg_catalog.pg_class as p on p.oid = leaf.relid
                    where leaf.isleaf and p.reltuples >= 0
                )
                """)
            : dialect.Sql($"null::real");

        // Collations under which different bytes are equal came with PostgreSQL 12.
        var loose = server.Major >= 12 ? dialect.Sql($"not sorting.collisdeterministic") : dialect.Sql($"false");
        return dialect.Sql($"""
            with found as (
            {SqlText.Join("\nunion all\n", relations)}
            )
            select
                found.is_head,
                found.nspname,
                found.relname,
                found.relkind,
                case
                    when found.relkind in ('r', 'm') and found.relpages > 0
                        then found.reltuples / found.relpages * (pg_catalog.pg_relation_size(found.oid)
                            / pg_catalog.current_setting('block_size')::bigint)
                    when found.relkind = 'p' and found.reltuples <= 0 then {partitions}
                    when found.relkind <> 'v' and found.reltuples > 0 then found.reltuples
                end::double precision as rows,
                (
                    select string_agg(
                        (
                            select string_agg(k.attnum::text, ' ' order by k.place)
                            from unnest(i.indkey::smallint[]) with ordinality as k(attnum, place)
                            where k.place <= {keyLength}
                        ),
                        ',' order by i.indisprimary desc, i.indexrelid)
                    from pg_catalog.pg_index as i
                    where i.indrelid = found.oid
                        and i.indisunique
                        and i.indisvalid
                        and not i.indisexclusion
                        and i.indpred is null
                        and i.indexprs is null
                        and not exists (
                            select from unnest(i.indclass::oid[]) as used(class)
                            join pg_catalog.pg_opclass as o on o.oid = used.class
                            where not o.opcdefault
                        )
                        and (
                            found.relkind = 'p'
                            or not exists (select from pg_catalog.pg_inherits as h where h.inhparent = found.oid)
                        )
                ) as keys,
                a.attnum,
                a.attname,
                pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
                base_type.typname,
                base_type.kind,
                base_type.category,
                base_type.built_in,
                {loose} as loose,
                found.relkind in ('r', 'p') and pg_catalog.row_security_active(found.oid) as row_secured
            from found
            left join pg_catalog.pg_attribute as a
                on a.attrelid = found.oid and a.attnum > 0 and not a.attisdropped
            left join pg_catalog.pg_collation as sorting on sorting.oid = a.attcollation
            left join {BaseType(dialect, dialect.Sql($"a.atttypid"))} on true
            order by found.is_head, a.attnum
            """);
    }

    /// <summary>Reads what <see cref="Columns"/> asked for.</summary>
    public static Sides<RelationInfo?> Read(string database, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        return new(Of(head: false), Of(head: true));

        RelationInfo? Of(bool head) => ReadRelation(database, [.. rows.Where(row => row[0] is bool isHead && isHead == head)]);
    }

    private static RelationInfo? ReadRelation(string database, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        var first = rows[0];
        var rowsOfColumns = rows.Where(row => row[6] is not null).ToList();
        return new RelationInfo(
            new RelationName(database, (string)first[1]!, (string)first[2]!),
            (string)first[3]! switch
            {
                "r" or "p" => RelationKind.Table,
                "v" => RelationKind.View,
                "m" => RelationKind.MaterializedView,
                _ => RelationKind.Other,
            },
            [.. rowsOfColumns.Select(row => new Column(Name(row), ReadType(row.Skip(8).ToList())))],
            [.. Keys((string?)first[5]).Select(key => (IReadOnlyList<ColumnName>)[.. key.Select(number => Name(rowsOfColumns.First(row => Number(row) == number)))])],
            first[4] is double estimate ? (long)Math.Round(estimate) : null)
        {
            IsRowSecured = first[^1] is true,
        };

        static string Number(IReadOnlyList<object?> column) => ((long)column[6]!).ToString(CultureInfo.InvariantCulture);
        static ColumnName Name(IReadOnlyList<object?> column) => new((string)column[7]!);
    }

    /// <summary>One row a column, in order: the type's name and what <see cref="ReadType"/> needs.</summary>
    public static SqlText Types(SqlDialect dialect, IReadOnlyList<ResultColumn> columns, Version server)
    {
        // The protocol says nothing of collations, so that any text may have one under which different bytes are equal.
        var loose = server.Major >= 12
            ? dialect.Sql($"exists (select from pg_catalog.pg_collation where not collisdeterministic)")
            : dialect.Sql($"false");
        var rows = SqlText.Join(", ", columns.Select((column, place) =>
            dialect.Sql($"({(long)place}, {(long)column.TypeId}, {(long)column.TypeModifier})")));
        return dialect.Sql($"""
            select
                pg_catalog.format_type(c.type::oid, c.modifier::integer),
                base_type.typname,
                base_type.kind,
                base_type.category,
                base_type.built_in,
                {loose} as loose
            from (values {rows}) as c(place, type, modifier)
            left join {BaseType(dialect, dialect.Sql($"c.type::oid"))} on true
            order by c.place
            """);
    }

    /// <summary>The relations that a query names and this user may not read.</summary>
    public static SqlText Unreadable(SqlDialect dialect, SqlText query) => dialect.Sql($"""
        with named as (
            select
                c.oid,
                n.oid as schema,
                n.nspname,
                c.relname,
                pg_catalog.strpos(
                    text.query,
                    '"' || replace(n.nspname, '"', '""') || '"."' || replace(c.relname, '"', '""') || '"') as quoted,
                pg_catalog.strpos(
                    text.query,
                    pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)) as plain
            from pg_catalog.pg_class as c
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            cross join (select {new SqlLiteral(query.Text)} as query) as text
            where c.relkind in ('r', 'p', 'v', 'm', 'f')
        )
        select
            named.nspname,
            named.relname,
            current_user::text,
            pg_catalog.has_schema_privilege(named.schema, 'usage'),
            pg_catalog.has_table_privilege(named.oid, 'select')
        from named
        where (named.quoted > 0 or named.plain > 0)
            and not (pg_catalog.has_schema_privilege(named.schema, 'usage') and pg_catalog.has_table_privilege(named.oid, 'select'))
        order by 1, 2
        limit 10
        """);

    /// <summary>Reads a row of <see cref="Unreadable"/>.</summary>
    public static UnreadableRelation ReadUnreadable(IReadOnlyList<object?> row) =>
        new(new RelationName(null, (string)row[0]!, (string)row[1]!), (string)row[2]!, row[3] is false, row[4] is false);

    /// <summary>Reads a type: its name, then the base type's name, kind, category, whether it is built in, and whether its collation
    /// holds different bytes equal.</summary>
    public static ColumnType ReadType(IReadOnlyList<object?> row)
    {
        var family = Family((string?)row[1], (string?)row[2], (string?)row[3], row[4] is true);
        return new ColumnType((string)row[0]!, family)
        {
            HasLooseEquality = family == TypeFamily.Text && (row[5] is true || (string?)row[1] == "citext"),
        };
    }

    private static TypeFamily Family(string? name, string? kind, string? category, bool builtIn) => (kind, category, builtIn, name) switch
    {
        ("e", _, _, _) => TypeFamily.Enumeration,
        ("c", _, _, _) => TypeFamily.Composite,
        (_, "A", _, _) => TypeFamily.Array,
        (_, _, false, "citext") => TypeFamily.Text,
        (_, _, false, _) => TypeFamily.Other,
        (_, _, _, "int2" or "int4" or "int8" or "oid") => TypeFamily.Integer,
        (_, _, _, "numeric") => TypeFamily.Decimal,
        (_, _, _, "float4" or "float8") => TypeFamily.Float,
        (_, _, _, "bool") => TypeFamily.Boolean,
        (_, _, _, "text" or "varchar" or "bpchar" or "char" or "name" or "unknown") => TypeFamily.Text,
        (_, _, _, "date") => TypeFamily.Date,
        (_, _, _, "time" or "timetz") => TypeFamily.Time,
        (_, _, _, "timestamp") => TypeFamily.Timestamp,
        (_, _, _, "timestamptz") => TypeFamily.TimestampWithZone,
        (_, _, _, "interval") => TypeFamily.Interval,
        (_, _, _, "uuid") => TypeFamily.Uuid,
        (_, _, _, "bytea") => TypeFamily.Binary,
        (_, _, _, "json" or "jsonb") => TypeFamily.Json,
        (_, _, _, "record") => TypeFamily.Composite,
        _ => TypeFamily.Other, // among them ranges, money, network addresses, bit strings, geometry, xml
    };

    // "1 2,3" is a key of the columns 1 and 2, and a key of column 3.
    private static IEnumerable<IEnumerable<string>> Keys(string? keys) =>
        (keys ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(key => key.Split(' '));
}

/// <summary>A column of a result, as the protocol describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeId">The type's identifier in <c>pg_type</c>.</param>
/// <param name="TypeModifier">Length, or precision and scale, as <c>pg_attribute.atttypmod</c> packs them; -1 for none.</param>
internal sealed record ResultColumn(ColumnName Name, uint TypeId, int TypeModifier);

/// <summary>A relation that may not be read.</summary>
/// <param name="Name">Schema and name.</param>
/// <param name="User">The user who may not.</param>
/// <param name="NeedsUsage">Whether the schema is closed to it.</param>
/// <param name="NeedsSelect">Whether the relation itself is.</param>
internal sealed record UnreadableRelation(RelationName Name, string User, bool NeedsUsage, bool NeedsSelect);

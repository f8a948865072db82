using CiDiff.Diffing;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>A pair of small tables drawn by chance, with values that collide often.</summary>
internal sealed record RandomTables(IReadOnlyList<RandomColumn> Columns, int KeyLength, IReadOnlyList<string?[]> Base, IReadOnlyList<string?[]> Head)
{
    public IEnumerable<string> Key => Columns.Take(KeyLength).Select(column => column.Name);

    public static RandomTables Draw(Random random)
    {
        var columns = Enumerable.Range(0, random.Next(1, 6)).Select(index => RandomColumn.Draw(random, index)).ToList();
        var rows = Enumerable.Range(0, random.Next(0, 14)).Select(_ => Row()).ToList();
        var head = random.Next(5) == 0 ? Enumerable.Range(0, random.Next(0, 14)).Select(_ => Row()).ToList() : Mutated();
        return new RandomTables(columns, random.Next(1, Math.Min(3, columns.Count + 1)), rows, head);

        string?[] Row() => [.. columns.Select(column => column.DrawValue(random))];

        List<string?[]> Mutated()
        {
            var mutated = new List<string?[]>();
            foreach (var row in rows)
            {
                var copy = (string?[])row.Clone();
                switch (random.Next(10))
                {
                    case 0:
                        continue;
                    case 1:
                        mutated.Add(copy);
                        break;
                    case 2 or 3:
                        var column = random.Next(columns.Count);
                        copy[column] = columns[column].DrawValue(random);
                        break;
                }

                mutated.Add(copy);
            }

            mutated.AddRange(Enumerable.Range(0, random.Next(3)).Select(_ => Row()));
            return [.. mutated.OrderBy(_ => random.Next())];
        }
    }

    /// <summary>The statements that make both tables, and a copy of base.</summary>
    public string Script(bool isDuckDb, string table)
    {
        return Side("random_base", Base, isHead: false) + Side("random_head", Head, isHead: true) + Side("random_copy", Base, isHead: false);

        string Side(string schema, IReadOnlyList<string?[]> rows, bool isHead)
        {
            var columns = Columns.Select(column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {column.Type(isDuckDb, isHead)}");
            var values = rows.Select(row => $"({string.Join(", ", row.Select(value => value ?? "null"))})").ToList();
            return $"create table {schema}.{table} ({string.Join(", ", columns)});\n"
                + (values.Count == 0 ? "" : $"insert into {schema}.{table} values {string.Join(", ", values)};\n");
        }
    }

    /// <summary>The answer by key, by the definitions: the differ that everything else must agree with.</summary>
    public string AnswerByKey()
    {
        var (before, after) = (Base.ToLookup(KeyOf), Head.ToLookup(KeyOf));
        var good = before.Select(group => group.Key).Union(after.Select(group => group.Key))
            .Where(key => key is not null && before[key].Count() <= 1 && after[key].Count() <= 1).ToList();
        var matched = good.Where(key => before[key].Any() && after[key].Any()).Select(key => (Base: before[key].Single(), Head: after[key].Single())).ToList();
        var changed = matched.Count(pair => !pair.Base.SequenceEqual(pair.Head));
        var bad = Surplus([.. Base.Where(row => !good.Contains(KeyOf(row)))], [.. Head.Where(row => !good.Contains(KeyOf(row)))]);
        return $"""
            +{good.Count(key => !before[key].Any())} -{good.Count(key => !after[key].Any())} ~{changed} ={matched.Count - changed}
            {string.Join(" ", Enumerable.Range(KeyLength, Columns.Count - KeyLength).Select(index => matched.Count(pair => pair.Base[index] != pair.Head[index])))}
            {Keys(before)} {Keys(after)} {bad != (0, 0)}
            """;

        static string Keys(ILookup<string?, string?[]> rows) => $"[null {rows[null].Count()}, twice {rows.Count(group => group.Key is not null && group.Count() > 1)}, "
            + $"rows {rows.Where(group => group.Key is not null && group.Count() > 1).Sum(group => group.Count())}, distinct {rows.Count(group => group.Key is not null)}]";
    }

    /// <summary>The same in the words of a diff.</summary>
    public static string AnswerByKey(TableDiff diff)
    {
        var keys = diff.Keys!.Map(side => $"[null {side.Null}, twice {side.Duplicate}, rows {side.DuplicateRows}, distinct {side.Distinct}]");
        return $"""
            +{diff.Rows.Added} -{diff.Rows.Removed} ~{diff.Rows.Changed} ={diff.Rows.Same}
            {string.Join(" ", diff.Columns.Select(column => column.Changed))}
            {keys.Base} {keys.Head} {diff.HasUnmatchedBadKeys}
            """;
    }

    /// <summary>The answer without a key.</summary>
    public string AnswerByRows()
    {
        var (removed, added) = Surplus(Base, Head);
        return $"+{added} -{removed} ={Base.Count - removed}";
    }

    private static (int Removed, int Added) Surplus(IReadOnlyList<string?[]> before, IReadOnlyList<string?[]> after)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (row, step) in before.Select(row => (row, 1)).Concat(after.Select(row => (row, -1))))
        {
            var text = string.Join('\n', row.Select(value => value ?? "null"));
            counts[text] = counts.GetValueOrDefault(text) + step;
        }

        return (counts.Values.Where(count => count > 0).Sum(), -counts.Values.Where(count => count < 0).Sum());
    }

    // Null when a part is.
    private string? KeyOf(string?[] row) => row.Take(KeyLength).Any(value => value is null) ? null : string.Join('\n', row.Take(KeyLength));
}

/// <summary>A column of both tables.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PostgresType">Its type in PostgreSQL.</param>
/// <param name="DuckDbType">Its type in DuckDB.</param>
/// <param name="Values">Literals, no two of which are the same value.</param>
/// <param name="WiderType">Its type on head, in both; null for the same as on base.</param>
internal sealed record RandomColumn(string Name, string PostgresType, string DuckDbType, IReadOnlyList<string> Values, string? WiderType)
{
    private static readonly Dictionary<string, string> Wider = new(StringComparer.Ordinal)
    {
        ["integer"] = "bigint",
        ["numeric(12,2)"] = "numeric(14,4)",
        ["timestamp"] = "timestamp with time zone",
    };

    private static readonly (string Postgres, string DuckDb, string[] Values)[] Types =
    [
        ("integer", "integer", ["0", "1", "2", "-1"]),
        ("bigint", "bigint", ["1", "2", "9007199254740993", "9007199254740992", "4294967296", "-1", "0", "-4294967297"]),
        ("text", "varchar", ["'a'", "'A'", "''", "'a '", "'null'", "'<null>'", "'a|b'", "'é'", "'it''s'", "'\\'"]),
        ("numeric(12,2)", "decimal(12,2)", ["0.10", "-0.10", "0.11", "-1.00", "12345678.90"]),
        ("double precision", "double", ["'NaN'", "'Infinity'", "'-Infinity'", "0", "-0.1", "0.1", "0.30000000000000004", "0.3"]),
        ("boolean", "boolean", ["true", "false"]),
        ("date", "date", ["'2024-01-01'", "'2024-02-29'", "'infinity'"]),
        ("timestamp", "timestamp", ["'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.000001'", "'1999-12-31 23:59:59.999999'", "'2000-01-01 00:00:00'", "'2024-01-01 00:01:17'", "'2023-12-31 22:49:42.032705'"]),
        ("time", "time", ["'00:00:00'", "'00:00:00.000001'", "'23:59:59'"]),
        ("interval", "interval", ["'1 day'", "'1 hour'", "'2 days'", "'1 microsecond'"]),
        ("numeric", "hugeint", ["0", "-1", "1", "18446744073709551616"]),
        ("uuid", "uuid", ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'"]),
        ("jsonb", "json", ["'{\"a\":1}'", "'{\"a\":2}'", "'null'", "'[1,2]'"]),
        ("integer[]", "integer[]", ["array[1,2]", "array[2,1]", "array[1,null]"]),
    ];

    private static readonly string[] Names = ["id", "v", "select", "Mixed Case", "q\"uote", "k0", "d0", "n", "ünï", "base_row", "is_added"];

    public static RandomColumn Draw(Random random, int index)
    {
        var (postgres, duckDb, values) = Types[random.Next(Types.Length)];
        return new RandomColumn($"{Names[random.Next(Names.Length)]}{(random.Next(2) == 0 ? index : $" {index}")}", postgres, duckDb, values, random.Next(4) == 0 ? Wider.GetValueOrDefault(postgres) : null);
    }

    public string Type(bool isDuckDb, bool isHead) => isHead && WiderType is not null ? WiderType : isDuckDb ? DuckDbType : PostgresType;

    public string? DrawValue(Random random) => random.Next(8) == 0 ? null : Values[random.Next(Values.Count)];
}

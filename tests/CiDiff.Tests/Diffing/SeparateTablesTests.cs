using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>Base and head in two databases.</summary>
[Collection("postgres")]
public sealed class SeparateTablesTests(PostgresServer server)
{
    private const string AsTexts = " as texts";
    private const string AllEqual = "The hashes of all groups of rows are equal: no row differs.";

    // Type in PostgreSQL and in DuckDB; values that are all different, in PostgreSQL's spelling and, where it is another, behind a broken bar in DuckDB's.
    private static readonly (string Postgres, string DuckDb, string[] Values)[] Types =
    [
        ("smallint", "smallint", ["0", "-1", "32767", "-32768"]),
        ("integer", "integer", ["0", "-1", "2147483647", "-2147483648"]),
        ("bigint", "bigint", ["0", "-1", "1", "4294967296", "-4294967297", "9223372036854775807", "(-9223372036854775807 - 1)"]),
        ("integer", "bigint", ["0", "-1", "2147483647"]),
        ("numeric", "hugeint", ["0", "-1", "10", "100", "18446744073709551616", "-170141183460469231731687303715884105727"]),
        ("numeric(12,2)", "decimal(12,2)", ["0", "-0.01", "0.10", "10.00", "9999999999.99"]),
        ("numeric(12,2)", "decimal(18,6)", ["0", "-0.01", "0.10", "10.00", "9999999999.99"]),
        ("numeric", "decimal(38,9)", ["0", "-0.01", "0.1", "100", "10000", "0.000000001", "12345678901234567890123456789.123456789"]),
        ("numeric(38,38)", "decimal(38,38)", ["0", "0.00000000000000000000000000000000000001", "0.5"]),
        ("numeric", "decimal(2,2)", ["0", "0.5", "-0.25", "0.99"]),
        ("text", "decimal(2,2)", ["'0'¦0", "'0.5'¦0.5", "'-0.25'¦-0.25"]),
        ("real", "float", ["0", "0.1", "-1.5", "1e20", "1e-20", "'NaN'", "'Infinity'", "'-Infinity'", "16777216"]),
        ("double precision", "double", ["0", "0.1", "0.30000000000000004", "1e15", "1e16", "123456789012345680", "1e-5", "1e300", "5e-324", "'NaN'", "'Infinity'", "'-Infinity'"]),
        ("real", "double", ["0", "0.5", "-1.5", "16777216", "'NaN'"]),
        ("integer", "double", ["0", "-1", "2147483647"]),
        ("numeric(10,2)", "double", ["0", "-1.25", "12345.67"]),
        ("boolean", "boolean", ["true", "false"]),
        ("date", "date", ["'2024-02-29'", "'1970-01-01'", "'0001-01-01'", "'10000-01-01'", "'0044-03-15 BC'¦'0044-03-15 (BC)'", "'infinity'", "'-infinity'"]),
        ("time", "time", ["'00:00:00'", "'23:59:59.999999'", "'12:00:00.5'", "'12:30:00'", "'24:00:00'"]),
        ("timetz", "timetz", ["'12:00:00+00'", "'12:00:00+02'", "'23:59:59.5-11:30'"]),
        ("timestamp", "timestamp", ["'2024-01-01 00:01:17'", "'2023-12-31 22:49:42.032705'", "'2000-01-01'", "'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.000001'", "'2024-01-01 12:30:00.5'", "'1969-12-31 23:59:59.999999'", "'0044-03-15 12:00:00 BC'¦'0044-03-15 (BC) 12:00:00'", "'10000-01-01 00:00:00'", "'infinity'", "'-infinity'"]),
        ("timestamp(3)", "timestamp_ms", ["'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.001'", "'1969-12-31 23:59:59.999'"]),
        ("timestamp(0)", "timestamp_s", ["'2024-01-01 00:00:00'", "'1969-12-31 23:59:59'"]),
        ("timestamp", "timestamp_ns", ["'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.000001'"]),
        ("timestamptz", "timestamptz", ["'2024-01-01 00:00:00+00'", "'2024-01-01 00:00:00+02'", "'1969-12-31 23:59:59.999999+00'", "'infinity'", "'-infinity'"]),
        ("date", "timestamp", ["'2024-02-29'", "'1970-01-01'"]),
        ("timestamp", "timestamptz", ["'2024-01-01 00:00:00'¦'2024-01-01 00:00:00+00'", "'2024-01-01 12:30:00.5'¦'2024-01-01 12:30:00.5+00'"]),
        ("text", "varchar", ["''", "' '", "'a'", "'A'", "'a '", "'é'", "'e\u0301'", "'😀'", "'null'", "'<null>'", "'|'", "'\\'", "'it''s'", "'0123456789ab'", "'0123456789abc'", "'a longer text, beyond what fits in one step of the hash'"]),
        ("char(4)", "varchar", ["'a'", "'b'", "''", "'abcd'"]),
        ("varchar(20)", "text", ["'a'", "''", "'a '"]),
        ("uuid", "uuid", ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"]),
        ("uuid", "varchar", ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'"]),
        ("integer", "varchar", ["0¦'0'", "-1¦'-1'", "100¦'100'"]),
        ("boolean", "varchar", ["true¦'true'", "false¦'false'"]),
        ("bytea", "blob", ["'\\x'¦''", "'\\x00'¦'\\x00'", "'\\x00ff10'¦'\\x00\\xff\\x10'", "'\\x61'¦'a'"]),
        ("interval", "interval", ["'1 day'", "'1 hour'", "'2 days'", "'1 microsecond'", "'1 year 2 months 3 days 04:05:06.789'", "'-1 day'"]),
        ("jsonb", "json", ["'{\"a\":1}'", "'{\"a\":2}'", "'{\"b\":1,\"aa\":[1,2.5,null,true]}'¦'{\"aa\": [1, 2.5, null, true], \"b\": 1}'", "'null'", "'\"x\"'", "'\"é\\u0001\\n\\\"\"'", "'[]'", "'{}'"]),
        ("json", "json", ["'{\"a\": 1}'", "'{\"b\":1,\"a\":2}'¦'{\"a\":2,\"b\":1}'", "'[1]'"]),
        ("integer[]", "integer[]", ["array[1,2]", "array[2,1]", "array[1,null]", "'{}'::integer[]¦[]::integer[]"]),
        ("integer[]", "integer[2]", ["array[1,2]", "array[2,1]"]),
        ("text[]", "varchar[]", ["array['a','b']", "array['a,b']", "array['a',null]", "array['null']", "array['\"']"]),
        ("numeric(6,2)[]", "decimal(6,2)[]", ["array[1.50]::numeric(6,2)[]", "array[1.51]::numeric(6,2)[]", "array[10]::numeric(6,2)[]"]),
        ("double precision[]", "double[]", ["array[1::float8]¦[1::double]", "array[0.1::float8,'NaN']¦[0.1::double,'NaN'::double]", "array[1e20::float8]¦[1e20::double]"]),
        ("timestamp[]", "timestamp[]", ["array['2024-01-01 00:00:00'::timestamp]", "array['2024-01-01 00:00:00.5'::timestamp]"]),
        ("boolean[]", "boolean[]", ["array[true]", "array[false,true]"]),
        ("integer[][]", "integer[][]", ["array[array[1,2],array[3,4]]", "array[array[1,2],array[3,5]]"]),
        ("mood", "mood", ["'sad'", "'happy'"]),
        ("mood", "varchar", ["'sad'", "'happy'"]),
        ("pair", "struct(a integer, b varchar)", ["row(1,'x')::pair¦{'a': 1, 'b': 'x'}", "row(2,null)::pair¦{'a': 2, 'b': null}"]),
        ("inet", "varchar", ["'10.0.0.1'¦'10.0.0.1/32'", "'::1'¦'::1/128'"]),
    ];

    public static TheoryData<string, string> Pairs { get; } = new()
    {
        { "postgres", "duckdb" }, { "duckdb", "postgres" }, { "postgres", "postgres" }, { "duckdb", "duckdb" },
        { "postgres as texts", "duckdb" }, { "postgres", "duckdb as texts" },
    };

    [PostgresTheory]
    [MemberData(nameof(Pairs))]
    public async Task Every_type_is_the_same_everywhere(string ofBase, string ofHead)
    {
        await using var engines = await OpenAsync(ofBase, ofHead);
        var wrong = new List<string>();
        for (var index = 0; index < Types.Length; index++)
        {
            var (postgres, duckDb, values) = Types[index];
            var because = new Reasons();
            var same = await Diff.TablesAsync(engines.Pair, "t", "t", $"v{index}", ["id"], null, because);
            if (same.Rows != new RowCounts(values.Length + 1, values.Length + 1, 0, 0, 0, values.Length + 1) || !(because.Contains(AllEqual) || because.Contains("they are read at once")))
            {
                wrong.Add($"{postgres} / {duckDb} same: {DiffText.Of(same)}; {because}");
            }

            var other = await Diff.SourcesAsync(
                engines.Pair, Table($"v{index}"), Table($"w{index}"), [new(["id"], KeySource.Explicit)], new CompareRules { Samples = 100 });
            if (other.Rows.Changed != values.Length + 1)
            {
                wrong.Add($"{postgres} / {duckDb} rotated: {DiffText.Of(other)}; but {string.Join(' ', other.Samples.Changed.Select(row => row.Key[0]))}");
            }

            var keyless = await Diff.SourcesAsync(engines.Pair, Table($"v{index}"), Table($"w{index}"), [], null);
            if (keyless.Rows != new RowCounts(values.Length + 1, values.Length + 1, values.Length + 1, values.Length + 1, null, 0))
            {
                wrong.Add($"{postgres} / {duckDb} without a key: {DiffText.Of(keyless)}");
            }

            var asKey = await Diff.SourcesAsync(engines.Pair, Table($"v{index}"), Table($"w{index}"), [new(["v"], KeySource.Explicit)], null);
            if (asKey.Rows is not { Added: 0, Removed: 0 } || asKey.Rows.Changed != values.Length)
            {
                wrong.Add($"{postgres} / {duckDb} as the key: {DiffText.Of(asKey)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [PostgresFact]
    public async Task Hashes_and_texts_are_those_of_the_server()
    {
        var random = new Random(20261121);
        var numbers = Enumerable.Range(0, 3000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite).Prepend(0).ToList();
        var whole = Enumerable.Range(0, 1000).Select(index => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)).ToList();
        await using var postgres = new PostgresWarehouse(server.Settings(await server.CreateDatabaseAsync()), new PostgresDialect());
        await using var session = await postgres.OpenSessionAsync(new SessionOptions("test", "test", null, null), default);
        var dialect = postgres.Dialect;

        var texts = await RowsAsync($"select v::text, {dialect.CommonHash(dialect.Sql($"v"), HashKind.Float, dialect.Sql($"7"))}::text from (values {string.Join(',', numbers.Select(number => $"('{number.ToString("R", CultureInfo.InvariantCulture)}'::float8)"))}) as t(v)");
        Assert.Equal(numbers.Select(number => Hash(CommonHash.Of(number, 7))), texts.Select(row => row.Item2));

        CheckTexts(numbers, texts, double.Parse);

        var singles = numbers.Select(number => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(-38, 38))).ToList();
        var singleTexts = await RowsAsync($"select v::text, '' from (values {string.Join(',', singles.Select(number => $"('{number.ToString("R", CultureInfo.InvariantCulture)}'::float4)"))}) as t(v)");
        CheckTexts(singles, singleTexts, float.Parse);

        var integers = await RowsAsync($"select '', {dialect.CommonHash(dialect.Sql($"v"), HashKind.BigInteger, dialect.Sql($"11"))}::text from (values {string.Join(',', whole.Select(number => $"('{number}'::bigint)"))}) as t(v)");
        Assert.Equal(whole.Select(number => ("", Hash(CommonHash.Of(number, 11)))), integers);

        var moments = whole.Select(number => number % 200_000_000_000_000_000).ToList();
        var momentHashes = await RowsAsync($"select '', {dialect.CommonHash(dialect.Sql($"v"), HashKind.Moment, dialect.Sql($"-5"))}::text from (select timestamp '1970-01-01' + (us / 1000000) * interval '1 second' + (us % 1000000) * interval '1 microsecond' from (values {string.Join(',', moments.Select(number => $"({number}::bigint)"))}) as u(us)) as t(v)");
        Assert.Equal(moments.Select(number => ("", Hash(CommonHash.OfMoment(number, unchecked((ulong)-5L))))), momentHashes);

        var decimals = whole.SelectMany(number => new (Int128 Number, int Scale)[]
            {
                (number, random.Next(0, 19)), (number % 1_000_000 * 100, random.Next(0, 19)), ((Int128)number * random.Next(1_000_000), random.Next(0, 39)),
            })
            .Concat<(Int128 Number, int Scale)>([(0, 0), (0, 2), (1, 0), (1, 4), (-1, 8), (10_000, 0), (10_000, 4), (100_000_000, 2), (1, 38), (10_000, 38), (Int128.Parse(new string('9', 38), CultureInfo.InvariantCulture), 0), (Int128.Parse(new string('9', 38), CultureInfo.InvariantCulture), 37), (-Int128.Parse("1" + new string('0', 37), CultureInfo.InvariantCulture), 17)])
            .ToList();
        var decimalHashes = await RowsAsync($"select '', {dialect.CommonHash(dialect.Sql($"v"), HashKind.Decimal, dialect.Sql($"-13"))}::text from (values {string.Join(',', decimals.Select(number => $"({number.Number}::numeric(38) * ('1e-{number.Scale}'::numeric))"))}) as t(v)");
        Assert.Equal(decimals.Select(number => ("", Hash(CommonHash.Of(number.Number, number.Scale, unchecked((ulong)-13L))))), decimalHashes);

        async Task<List<(string, string)>> RowsAsync(string sql)
        {
            var rows = new List<(string, string)>();
            await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "test"), default))
            {
                rows.Add(((string)row[0]!, (string)row[1]!));
            }

            return rows;
        }

        // Of two texts that read back as the same number, the server sometimes takes the longer.
        static void CheckTexts<T>(List<T> numbers, List<(string Text, string Hash)> rows, Func<string, CultureInfo, T> parse)
        {
            var longer = numbers.Zip(rows, (number, row) => (Number: number, Ours: Text(number), Theirs: row.Text)).Where(texts => texts.Ours != texts.Theirs).ToList();
            Assert.All(longer, texts => Assert.True(
                texts.Theirs.Length > texts.Ours.Length && Equals(parse(texts.Theirs, CultureInfo.InvariantCulture), texts.Number), $"{texts.Ours} is {texts.Theirs} there"));
            Assert.True(longer.Count < numbers.Count / 20, $"{longer.Count} of {numbers.Count}");
        }

        static string Hash(ulong hash) => ((long)hash).ToString(CultureInfo.InvariantCulture);
        static string Text<T>(T number)
        {
            Span<byte> text = stackalloc byte[FloatText.MaxLength];
            var length = number is float single ? FloatText.Write(single, text) : FloatText.Write((double)(object)number!, text);
            return System.Text.Encoding.ASCII.GetString(text[..length]);
        }
    }

    // Rows, condition on head's rows, additional rows of head; the answer by key, and why.
    [PostgresTheory]
    [InlineData(200_000, "true", "", "+0 -0 ~0 =200000", AllEqual)]
    [InlineData(200_000, "i % 1000 <> 7", "", "+0 -200 ~0 =199800", "groups of")]
    [InlineData(200_000, "i = 77", "", "+0 -199999 ~0 =1", "everything is read")]
    [InlineData(200_000, "true", "union all select 7, 'x', 1", "+0 -0 ~0 =199999; twice 0/1 (0/2 rows)", "The key repeats")]
    [InlineData(200_000, "true", "union all select null, 'x', 1", "+0 -0 ~0 =200000; null 0/1", "There are nulls in the key")]
    [InlineData(200_000, "i % 50 <> 0", "union all select i * 1000000, 'new', 2.5 from {0}(1, 301) as t(i)", "+300 -4000 ~0 =196000", "groups of")]
    public async Task Many_rows(int rows, string condition, string more, string answer, string because)
    {
        const string Columns = "i as id, 'text ' || (i % 97) as v, i / 7.0 as n";
        var database = await server.DatabaseAsync($"create schema t; create table t.orders as select {Columns} from generate_series(1, {rows}) as t(i); analyze;");
        using var file = new DuckDbFile($"""
            create schema t;
            create table t.orders as select i as id, 'text ' || (i % 97) as v, i / 7.0 as n from range(1, {rows + 1}) as t(i) where {condition}
            {more.Replace("{0}", "range", StringComparison.Ordinal)};
            """);
        await using var pair = WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());
        var reasons = new Reasons();

        var diff = await Diff.TablesAsync(pair, "t", "t", "orders", ["id"], new CompareRules { ExcludeColumns = ["n"] }, reasons);

        Assert.StartsWith(answer, DiffText.Of(diff)[(DiffText.Of(diff).IndexOf(':', StringComparison.Ordinal) + 2)..], StringComparison.Ordinal);
        Assert.True(reasons.Contains(because), $"{reasons}");
        Assert.Equal(DiffStrategy.Hash, diff.Strategy);
    }

    /// <summary>PostgreSQL's table, DuckDB's table, the key (empty for none), and the answer or the error's code.</summary>
    public static TheoryData<string, string, string, string> Odd { get; } = new()
    {
        { "(id integer, v integer)", "(id varchar, v integer)", "id", "2/2 rows: +0 -0 ~0 =2; columns id:integer>VARCHAR" },
        { "(id double precision, v integer)", "(id double, v integer)", "id", "2/2 rows: +0 -0 ~0 =2" },
        { "(id double precision, v integer)", "(id integer, v integer)", "id", "2/2 rows: +0 -0 ~0 =2; columns id:double precision>INTEGER" },
        { "(id date, v integer)", "(id integer, v integer)", "id", "CID5004" },
        { "(id integer, v date)", "(id integer, v integer)", "id", "2/2 rows: +0 -0 ~2 =0; v ~2; columns v:date>INTEGER" },
        { "(id integer, gone text)", "(id integer, fresh varchar)", "id", "2/2 rows: +0 -0 ~0 =2; columns +fresh -gone" },
        { "(a integer)", "(b integer)", "", "2/2 rows: +0 -0 =2; columns +b -a" },
        { "(a integer)", "(b integer)", "id", "CID5001" },
        { "(id integer, \"Id\" integer)", "(id integer)", "id", "CID5005" },
        { "(\"Id\" integer, \"Value\" integer)", "(id integer, value integer)", "id", "2/2 rows: +0 -0 ~0 =2" },
        { "(id integer, v text collate \"en-US-x-icu\")", "(id integer, v varchar collate nocase)", "id", "2/2 rows: +0 -0 ~0 =2" },
        { "(id integer, v point)", "(id integer, v bit)", "id", "2/2 rows: +0 -0 ~2 =0; v ~2; columns v:point>BIT" },
    };

    [PostgresTheory]
    [MemberData(nameof(Odd))]
    public async Task Odd_tables_have_a_clear_answer(string inPostgres, string inDuckDb, string key, string answer)
    {
        var database = await server.DatabaseAsync($"create schema t; create table t.x {inPostgres}; {Rows(inPostgres, isDuckDb: false)}");
        using var file = new DuckDbFile($"create schema t; create table t.x {inDuckDb}; {Rows(inDuckDb, isDuckDb: true)}");
        await using var pair = WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());

        string found;
        try
        {
            found = DiffText.Of(await Diff.TablesAsync(pair, "t", "t", "x", key.Length == 0 ? null : [key]));
        }
        catch (UserErrorException error)
        {
            found = error.Code.Id;
        }

        Assert.Equal(answer, found);

        static string Rows(string table, bool isDuckDb)
        {
            var columns = table.Trim('(', ')').Split(", ");
            var rows = Enumerable.Range(1, 2).Select(row => $"({string.Join(", ", columns.Select(column => Value(column, row, isDuckDb)))})");
            return $"insert into t.x values {string.Join(", ", rows)};";
        }

        static string Value(string column, int row, bool isDuckDb) => column switch
        {
            _ when column.EndsWith(" date", StringComparison.Ordinal) => $"'2024-01-0{row}'",
            _ when column.EndsWith(" point", StringComparison.Ordinal) => $"'({row},1)'",
            _ when column.EndsWith(" bit", StringComparison.Ordinal) => $"'10{row - 1}'",
            _ when column.Contains("text", StringComparison.Ordinal) || column.Contains("varchar", StringComparison.Ordinal) => $"'{row}'",
            _ => $"{row}",
        };
    }

    [PostgresFact]
    public async Task Empty_tables_are_compared()
    {
        var database = await server.DatabaseAsync("create schema t; create table t.x (id integer, v text);");
        using var file = new DuckDbFile("create schema t; create table t.x as select i as id, 'x' as v from range(3) as r(i);");
        await using var pair = WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());

        Assert.StartsWith("0/3 rows: +3 -0 ~0 =0", DiffText.Of(await Diff.TablesAsync(pair, "t", "t", "x", ["id"])), StringComparison.Ordinal);
        Assert.StartsWith("0/3 rows: +3 -0 =0", DiffText.Of(await Diff.TablesAsync(pair, "t", "t", "x", null)), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_filter_and_a_tolerance_hold_for_both_sides()
    {
        var database = await server.DatabaseAsync("create schema t; create table t.x as select i as id, i + 0.001 as v, timestamp '2024-01-01' + i * interval '1 day' as at from generate_series(1, 20) as r(i);");
        using var file = new DuckDbFile("create schema t; create table t.x as select i as id, i::double as v, timestamp '2024-01-01' + to_days(i::integer) as at from range(5, 30) as r(i);");
        await using var pair = WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());
        var rules = new CompareRules
        {
            Filter = new ConfiguredSql("id <> 7", "test"),
            Tolerances = new Dictionary<string, Tolerance> { ["v"] = new Tolerance(0.01m, ToleranceMode.Absolute) },
            EventTime = "at",
        };

        var diff = await Diff.TablesAsync(pair, "t", "t", "x", ["id"], rules);

        Assert.StartsWith("15/15 rows: +0 -0 ~0 =15", DiffText.Of(diff), StringComparison.Ordinal);
        Assert.Contains(diff.Notes, note => note.StartsWith("Only rows whose 'at'", StringComparison.Ordinal));
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Zeros_of_neighbouring_columns_that_become_null_do_not_cancel(bool isOneDatabase)
    {
        string[] types =
        [
            "integer", "numeric(10,2)", "bigint", "numeric(10,2)", "timestamp", "numeric(10,2)", "double precision", "integer", "timestamptz", "numeric(10,2)", "smallint", "boolean", "text",
        ];
        var database = await server.DatabaseAsync(Script("generate_series(1, 40000)") + "analyze;");
        using var file = new DuckDbFile(Script("range(1, 40001)"));
        await using var pair = isOneDatabase
            ? WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()))
            : WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());
        var rules = new CompareRules { Strategy = DiffStrategy.Hash, Samples = 0 };

        var byKey = await Diff.TablesAsync(pair, "a", "b", "t", ["id"], rules);
        var byRows = await Diff.TablesAsync(pair, "a", "b", "t", null, rules);

        Assert.Equal(DiffStrategy.Hash, byKey.Strategy);
        Assert.StartsWith("40000/40000 rows: +0 -0 ~1875 =", DiffText.Of(byKey), StringComparison.Ordinal);
        Assert.StartsWith("40000/40000 rows: +1875 -1875 =", DiffText.Of(byRows), StringComparison.Ordinal);

        // Every eighth row of 15,000: two in each group of neighbouring keys, in the same two columns.
        string Script(string rows)
        {
            var columns = types.Select((type, index) =>
                $"cast(case when id > 15000 or id % 8 <> 0 or (id >> 4) % {types.Length - 1} not in ({index - 1}, {index}) then {Zero(type)} end as {type}) as c{index}");
            return $"""
                create schema a; create schema b;
                create table a.t as select i as id, {string.Join(", ", types.Select((type, index) => $"cast({Zero(type)} as {type}) as c{index}"))} from {rows} as r(i);
                create table b.t as select id, {string.Join(", ", columns)} from (select i as id from {rows} as r(i)) as r;
                """;
        }

        static string Zero(string type) => type switch
        {
            "timestamp" => "timestamp '2000-01-01'",
            "timestamptz" => "timestamptz '2000-01-01 00:00:00+00'",
            "boolean" => "false",
            "text" => "''",
            _ => "0",
        };
    }

    [PostgresFact]
    public async Task Zeros_of_either_sign_are_the_same()
    {
        var database = await server.DatabaseAsync("create schema t; create table t.x (id integer, d double precision, f real); insert into t.x values (1, '-0', 0), (2, 0, '-0');");
        using var file = new DuckDbFile("create schema t; create table t.x (id integer, d double, f float); insert into t.x values (1, 0, '-0.0'), (2, '-0.0', 0);");
        await using var pair = WarehousePair.Of(new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());

        Assert.StartsWith("2/2 rows: +0 -0 ~0 =2", DiffText.Of(await Diff.TablesAsync(pair, "t", "t", "x", ["id"])), StringComparison.Ordinal);
        Assert.StartsWith("2/2 rows: +0 -0 =2", DiffText.Of(await Diff.TablesAsync(pair, "t", "t", "x", null)), StringComparison.Ordinal);
        Assert.StartsWith("2/2 rows: +0 -0", DiffText.Of(await Diff.TablesAsync(pair, "t", "t", "x", ["d", "id"])), StringComparison.Ordinal);
    }

    private static DiffSource.Relation Table(string name) => new(new RelationName(null, "t", name));

    private async Task<OpenEngines> OpenAsync(string ofBase, string ofHead)
    {
        var files = new List<DuckDbFile>();
        return new OpenEngines(WarehousePair.Of(await OneAsync(ofBase), await OneAsync(ofHead)), files);

        async Task<IWarehouse> OneAsync(string engine)
        {
            if (engine.EndsWith(AsTexts, StringComparison.Ordinal))
            {
                return new RowsOnly(await OneAsync(engine[..^AsTexts.Length]));
            }

            if (engine == "duckdb")
            {
                files.Add(new DuckDbFile(Script(isDuckDb: true)));
                return files[^1].Open();
            }

            return new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script(isDuckDb: false))), new PostgresDialect());
        }
    }

    private static string Script(bool isDuckDb)
    {
        var script = new System.Text.StringBuilder("create schema t; create type mood as enum ('sad', 'happy');\n");
        script.Append(isDuckDb ? "" : "create type pair as (a integer, b text);\n");
        foreach (var (index, (postgres, duckDb, values)) in Types.Index())
        {
            var literals = values.Select(value => value.Split('¦')).Select(spelled => isDuckDb ? spelled[^1] : spelled[0]).Append("null").ToList();
            var type = isDuckDb ? duckDb : postgres;
            script.Append(CultureInfo.InvariantCulture, $"create table t.v{index} (id integer, v {type}); create table t.w{index} (id integer, v {type});\n");
            for (var row = 0; row < literals.Count; row++)
            {
                script.Append(CultureInfo.InvariantCulture, $"insert into t.v{index} values ({row}, {literals[row]}); insert into t.w{index} values ({row}, {literals[(row + 1) % literals.Count]});\n");
            }
        }

        return script.ToString();
    }

    private sealed record OpenEngines(WarehousePair Pair, IReadOnlyList<DuckDbFile> Files) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Pair.DisposeAsync();
            foreach (var file in Files)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>A warehouse whose sessions can do no more than every session must.</summary>
    private sealed class RowsOnly(IWarehouse warehouse) : IWarehouse
    {
        public SqlDialect Dialect => warehouse.Dialect;

        public string AdapterType => warehouse.AdapterType;

        public string Description => warehouse.Description;

        public int Concurrency => warehouse.Concurrency;

        public async Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken) =>
            new Session(await warehouse.OpenSessionAsync(options, cancellationToken));

        public ValueTask DisposeAsync() => warehouse.DisposeAsync();

        private sealed class Session(IWarehouseSession session) : IWarehouseSession
        {
            public int QueriesSent => session.QueriesSent;

            public Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken) => session.FindRelationAsync(relation, cancellationToken);

            public Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken) => session.DescribeQueryAsync(query, cancellationToken);

            public IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(SqlText query, CancellationToken cancellationToken) => session.QueryAsync(query, cancellationToken);

            public ValueTask DisposeAsync() => session.DisposeAsync();
        }
    }
}

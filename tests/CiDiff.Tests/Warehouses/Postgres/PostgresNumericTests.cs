using System.Globalization;
using System.Numerics;
using CiDiff.Tests.Support;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

[Collection("postgres")]
public sealed class PostgresNumericTests(PostgresServer server)
{
    [PostgresFact]
    public async Task Numbers_of_all_sizes_are_read_as_the_server_writes_them()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        var numbers = Enumerable.Range(0, 3000).Select(_ => Draw(random)).Concat(["0", "1", "-1", "9999", "10000", "0.0001", "100000000.00000001"]).ToList();
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings("postgres"));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var sent = await session.RowsAsync($"select encode(numeric_send(v), 'hex') from (values {string.Join(", ", numbers.Select(number => $"({number}::numeric)"))}) as t(v)");

        foreach (var (text, row) in numbers.Zip(sent))
        {
            var point = text.IndexOf('.', StringComparison.Ordinal);
            var decimals = point < 0 ? 0 : text.Length - point - 1;
            var digits = BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var value = Convert.FromHexString((string)row[0]!);
            for (var scale = 0; scale <= 38; scale++)
            {
                // With fewer decimals than there are, only when those are zeros.
                var (scaled, rest) = scale >= decimals
                    ? (digits * BigInteger.Pow(10, scale - decimals), BigInteger.Zero)
                    : (BigInteger.DivRem(digits, BigInteger.Pow(10, decimals - scale), out var remainder), remainder);
                var expected = rest.IsZero && BigInteger.Abs(scaled) < BigInteger.Pow(10, 38) ? scaled : (BigInteger?)null;

                var found = PostgresNumeric.TryScale(value, scale, out var number) ? (BigInteger)number : (BigInteger?)null;

                Assert.True(expected == found, $"{text} with {scale} decimals is {found}, and not {expected}; seed {Seed}");
            }
        }
    }

    [PostgresTheory]
    [InlineData("'NaN'::numeric")]
    [InlineData("('1e1000')::numeric")]
    [InlineData("('1e-1000')::numeric")]
    public async Task What_is_no_such_number_is_told(string expression)
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings("postgres"));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var sent = (string)(await session.ValueAsync($"select encode(numeric_send({expression}), 'hex')"))!;

        Assert.False(PostgresNumeric.TryScale(Convert.FromHexString(sent), 10, out _));
    }

    private static string Draw(Random random)
    {
        var whole = Digits(random.Next(1, 39)).TrimStart('0');
        var decimals = random.Next(3) == 0 ? "" : Digits(random.Next(1, 39));
        return $"{(random.Next(2) == 0 ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(decimals.Length == 0 ? "" : ".")}{decimals}";

        // Many zeros, as in what people write.
        string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? '0' : (char)('0' + random.Next(10))));
    }
}

#pragma warning disable NPG9001 // The driver may change how it is extended; then this does not compile, or PostgresTextsTests fail.

using System.Text;
using Npgsql.Internal;
using Npgsql.Internal.Postgres;

namespace CiDiff.Warehouses.Postgres;

/// <summary>Reads every type as the text that the server sends, which is all that sessions ask for.</summary>
/// <remarks>The driver could read them all as what they are. To find out how it makes a list of everything that it can read when it is asked for the first one, which takes a
/// process longer than reading the catalog.</remarks>
internal sealed class PostgresTexts : PgTypeInfoResolverFactory
{
    /// <inheritdoc/>
    public override IPgTypeInfoResolver CreateResolver() => new Resolver();

    /// <inheritdoc/>
    public override IPgTypeInfoResolver? CreateArrayResolver() => null;

    private sealed class Resolver : IPgTypeInfoResolver
    {
        // Of a column that is only described the driver wants to know an object.
        public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options) => (type, dataTypeName) switch
        {
            (_, null) => null,
            (null, { } name) => new PgTypeInfo(options, new Converter<string>(options.TextEncoding), name),
            (_, { } name) when type == typeof(string) => new PgTypeInfo(options, new Converter<string>(options.TextEncoding), name),
            (_, { } name) when type == typeof(object) => new PgTypeInfo(options, new Converter<object>(options.TextEncoding), name),
            _ => null,
        };
    }

    private sealed class Converter<T>(Encoding encoding) : PgStreamingConverter<T>
        where T : class
    {
        public override T Read(PgReader reader) => Of(reader.TryReadBytes(reader.CurrentRemaining, out ReadOnlySpan<byte> bytes)
            ? encoding.GetString(bytes)
            : encoding.GetString(reader.ReadBytes(reader.CurrentRemaining)));

        public override async ValueTask<T> ReadAsync(PgReader reader, CancellationToken cancellationToken) =>
            Of(encoding.GetString(await reader.ReadBytesAsync(reader.CurrentRemaining, cancellationToken)));

        public override Size GetSize(SizeContext context, T value, ref object? writeState) => encoding.GetByteCount(Text(value));

        public override void Write(PgWriter writer, T value) => writer.WriteChars(Text(value), encoding);

        public override ValueTask WriteAsync(PgWriter writer, T value, CancellationToken cancellationToken) =>
            writer.WriteCharsAsync(Text(value).AsMemory(), encoding, cancellationToken);

        private static T Of(string text) => (T)(object)text;

        private static string Text(T value) => (string)(object)value;
    }
}

using System.Data;
using System.Diagnostics;
using CiDiff.Warehouses.DuckDb;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>A query whose rows come as <c>copy</c> sends them, in binary, and go into a table of the embedded DuckDB. Throws what Npgsql throws, and
/// what the table does.</summary>
/// <param name="connection">Where it will run.</param>
/// <param name="query">The SQL.</param>
/// <param name="comment">What the statement ends with.</param>
/// <param name="limit">The server's limit; null for none.</param>
/// <param name="patience">How long everything may take, for a server that does not keep its limit; null for any time.</param>
internal sealed class PostgresCopy(NpgsqlConnection connection, SqlText query, string comment, TimeSpan? limit, TimeSpan? patience)
{
    // Of what has arrived and is not in the table yet; a longer row gets more.
    private const int BufferSize = 1 << 17;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The statement as it is sent.</summary>
    public string Text { get; } = Copying(query.Text, comment);

    /// <summary>The same for a log.</summary>
    public string Shown { get; } = Copying(query.Shown, comment);

    /// <summary>Since it was made.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Runs it.</summary>
    /// <param name="table">Where the rows go.</param>
    /// <param name="cancellationToken">Ends the connection: in the middle of this protocol Npgsql knows no other way.</param>
    public async Task RunAsync(DuckDbAppender table, CancellationToken cancellationToken)
    {
        var rows = new PostgresRows(await TypesAsync(cancellationToken), table);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (patience is { } time)
        {
            ending.CancelAfter(time);
        }

        try
        {
            await CopyAsync(rows, ending.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NpgsqlException("The server did not answer.", new TimeoutException(error.Message, error));
        }
    }

    private async Task CopyAsync(PostgresRows rows, CancellationToken cancellationToken)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(Text, cancellationToken);
        try
        {
            await ReadAsync(stream, rows, cancellationToken);
        }
        catch (Exception error) when (error is not (NpgsqlException or OperationCanceledException or IOException))
        {
            // The table has failed: whatever else the server has would still have to be read.
            await stream.CancelAsync();
            throw;
        }
    }

    /// <summary>Asks for the types of the result, and thereby makes sure that the query is one statement by itself.</summary>
    /// <remarks>Only then nothing in it can end the parenthesis around it. This protocol, unlike the one of queries, takes several statements at once: a
    /// filter could end the transaction.</remarks>
    private async Task<IReadOnlyList<uint>> TypesAsync(CancellationToken cancellationToken)
    {
        await using var described = new PostgresQuery(connection, query, query.Text + comment, limit);
        await described.StartAsync(CommandBehavior.SchemaOnly, cancellationToken);
        var types = described.Types;
        await described.FinishAsync();
        return types;
    }

    private static async Task ReadAsync(NpgsqlRawCopyStream stream, PostgresRows rows, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var filled = 0;
        while (true)
        {
            // One message at a time, which is one row: many are taken together.
            while (filled < buffer.Length && await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read)
            {
                filled += read;
            }

            var taken = rows.Take(buffer.AsSpan(0, filled));
            if (rows.IsComplete)
            {
                return;
            }

            if (filled < buffer.Length)
            {
                throw new EndOfStreamException("The server's rows ended in the middle of one.");
            }

            if (taken == 0)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            else
            {
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }
        }
    }

    private static string Copying(string query, string comment) => $"copy (\n{query}\n) to stdout (format binary){comment}";
}

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Walks over the outer two levels of a large JSON file, giving the values in it one at a time.</summary>
/// <remarks>Only one value is in memory at a time, in a buffer that grows to the largest one that is asked for. Values that are skipped
/// are searched for their end only. The values that are given are whole, so that a <see cref="Utf8JsonReader"/> over one never
/// has to stop in the middle.</remarks>
internal sealed class JsonDocumentScanner : IDisposable
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> AfterScalar = SearchValues.Create(",}] \t\r\n"u8);

    private readonly Stream _stream;
    private readonly CancellationToken _cancellationToken;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private long _consumed;
    private bool _atEnd;
    private bool _isFirstMember;

    /// <param name="stream">Read from its current position; closed with the scanner.</param>
    /// <param name="bufferSize">Bytes that are read at once.</param>
    /// <param name="cancellationToken">Looked at each time the buffer is filled.</param>
    public JsonDocumentScanner(Stream stream, int bufferSize, CancellationToken cancellationToken)
    {
        _stream = stream;
        _cancellationToken = cancellationToken;
        _buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
        Fill();
        if (_buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble))
        {
            _start = 3;
        }
    }

    /// <summary>Where the scanner stands, in bytes from the start of the file.</summary>
    public long Position => _consumed + _start;

    /// <summary>The file's first bytes; valid before anything is read.</summary>
    public ReadOnlySpan<byte> Beginning => _buffer.AsSpan(_start, Math.Min(64, _end - _start));

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _stream.Dispose();
    }

    /// <summary>Steps into an object; false when the next value is something else, which is then still the next value.</summary>
    /// <exception cref="EndOfStreamException">The file ends here.</exception>
    public bool TryEnterObject()
    {
        if (Peek() != (byte)'{')
        {
            return false;
        }

        _start++;
        _isFirstMember = true;
        return true;
    }

    /// <summary>Reads the next member's name and stops before its value; false at the object's end, which is then left.</summary>
    /// <param name="name">The name as it is written, escapes and all.</param>
    /// <exception cref="JsonException">This is no JSON.</exception>
    /// <exception cref="EndOfStreamException">The file ends here.</exception>
    public bool TryReadName(out ReadOnlySpan<byte> name)
    {
        var next = Peek();
        if (next == (byte)'}')
        {
            _start++;
            _isFirstMember = false;
            name = default;
            return false;
        }

        if (!_isFirstMember)
        {
            Expect((byte)',', "a comma or the end of the object");
            next = Peek();
        }

        if (next != (byte)'"')
        {
            throw Unexpected("a name in quotes");
        }

        _isFirstMember = false;
        var length = BufferValue();
        var written = _buffer.AsSpan(_start + 1, length - 2).ToArray();
        _start += length;
        Expect((byte)':', "a colon");
        name = written;
        return true;
    }

    /// <summary>The next value, whole; valid until the next call.</summary>
    /// <exception cref="JsonException">This is no JSON.</exception>
    /// <exception cref="EndOfStreamException">The file ends here.</exception>
    public ReadOnlySpan<byte> ReadValue()
    {
        Peek();
        var length = BufferValue();
        var value = _buffer.AsSpan(_start, length);
        _start += length;
        return value;
    }

    /// <summary>Steps over the next value.</summary>
    /// <exception cref="EndOfStreamException">The file ends here.</exception>
    public void SkipValue()
    {
        var search = new EndSearch(Peek());
        while (true)
        {
            var length = search.Continue(_buffer.AsSpan(_start, _end - _start));
            if (length >= 0)
            {
                _start += length;
                return;
            }

            _start = _end;
            if (!Fill())
            {
                if (search.IsScalar)
                {
                    return;
                }

                throw new EndOfStreamException();
            }
        }
    }

    /// <summary>Makes sure that nothing but white space is left.</summary>
    /// <exception cref="JsonException">Something follows.</exception>
    public void ExpectEnd()
    {
        if (TryPeek(out _))
        {
            throw Unexpected("the end of the file");
        }
    }

    private byte Peek() => TryPeek(out var next) ? next : throw new EndOfStreamException();

    private bool TryPeek(out byte next)
    {
        while (true)
        {
            for (; _start < _end; _start++)
            {
                next = _buffer[_start];
                if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                {
                    return true;
                }
            }

            if (!Fill())
            {
                next = 0;
                return false;
            }
        }
    }

    private void Expect(byte expected, string what)
    {
        if (Peek() != expected)
        {
            throw Unexpected(what);
        }

        _start++;
    }

    private JsonException Unexpected(string expected) => new($"expected {expected} at byte {Position}");

    // Brings the value that starts at _start into the buffer as a whole and gives its length.
    private int BufferValue()
    {
        var search = new EndSearch(_buffer[_start]);
        var searched = 0;
        while (true)
        {
            var length = search.Continue(_buffer.AsSpan(_start + searched, _end - _start - searched));
            if (length >= 0)
            {
                return searched + length;
            }

            searched = _end - _start;
            if (!Fill())
            {
                return search.IsScalar ? searched : throw new EndOfStreamException();
            }
        }
    }

    // Appends to what is between _start and _end; false when the file has no more.
    private bool Fill()
    {
        if (_atEnd)
        {
            return false;
        }

        _cancellationToken.ThrowIfCancellationRequested();
        var kept = _end - _start;
        if (kept > _buffer.Length / 2)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }

        _consumed += _start;
        _start = 0;
        _end = kept;
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
        return !_atEnd;
    }

    // Finds where a value ends; can be continued when the buffer ends first.
    private struct EndSearch(byte first)
    {
        private int _depth;
        private bool _inText;
        private bool _escaped;

        public readonly bool IsScalar => first is not ((byte)'{' or (byte)'[' or (byte)'"');

        // The number of bytes up to and with the value's end, or -1 when it is not in there.
        public int Continue(ReadOnlySpan<byte> bytes)
        {
            if (IsScalar)
            {
                return bytes.IndexOfAny(AfterScalar);
            }

            var at = 0;
            while (at < bytes.Length)
            {
                if (_inText)
                {
                    if (_escaped)
                    {
                        _escaped = false;
                        at++;
                        continue;
                    }

                    var found = bytes[at..].IndexOfAny(InText);
                    if (found < 0)
                    {
                        return -1;
                    }

                    at += found + 1;
                    if (bytes[at - 1] == (byte)'\\')
                    {
                        _escaped = true;
                        continue;
                    }

                    _inText = false;
                    if (_depth == 0)
                    {
                        return at;
                    }
                }
                else
                {
                    var found = bytes[at..].IndexOfAny(Structure);
                    if (found < 0)
                    {
                        return -1;
                    }

                    at += found + 1;
                    switch (bytes[at - 1])
                    {
                        case (byte)'"':
                            _inText = true;
                            break;
                        case (byte)'{' or (byte)'[':
                            _depth++;
                            break;
                        default:
                            if (--_depth == 0)
                            {
                                return at;
                            }

                            break;
                    }
                }
            }

            return -1;
        }
    }
}

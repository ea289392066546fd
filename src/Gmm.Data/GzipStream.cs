using System.Buffers.Binary;
using System.IO.Compression;

namespace Gmm.Data;

/// <summary>
/// Unpacks a gzip file (RFC 1952) of any number of members, and compares each with its checksum and length. The runtime's own stream takes a file that is
/// cut off for one that ends.
/// </summary>
internal sealed class GzipStream(Stream packed) : ReadOnlyStream
{
    /// <summary>The message where something that is no member follows the last one.</summary>
    internal const string BytesFollow = "bytes that are no part of it follow its end; it is damaged, or was put together with something else";

    private const int TrailerLength = 8;

    private readonly Feed _feed = new(packed);
    private DeflateStream? _member;
    private uint _crc;
    private uint _length;
    private bool _isFirst = true;

    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_member is null && !Begin())
            {
                return 0;
            }

            var read = _member!.Read(buffer);
            if (read > 0)
            {
                _crc = Crc32.Append(_crc, buffer[..read]);
                _length += (uint)read;
                return read;
            }

            End();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static InvalidDataException Damaged() => new("a member of the gzip file is damaged or cut off");

    /// <summary>
    /// Reads the header of a member; false at the end. Zeros may follow the last member, as on tapes; anything else is what is left of a damaged member, or
    /// no part of the file.
    /// </summary>
    private bool Begin()
    {
        const int Fixed = 10;
        const byte Deflate = 8;
        Span<byte> header = stackalloc byte[Fixed];
        var read = _feed.ReadAtLeast(header, Fixed, throwOnEndOfStream: false);
        if (read < Fixed || header is not [0x1F, 0x8B, Deflate, ..])
        {
            var areZeros = !header[..read].ContainsAnyExcept((byte)0);
            for (var next = read < Fixed ? -1 : _feed.ReadByte(); areZeros && next >= 0; next = _feed.ReadByte())
            {
                areZeros = next == 0;
            }

            return _isFirst ? throw Damaged() : areZeros ? false : throw new InvalidDataException(BytesFollow);
        }

        const int HasChecksum = 2;
        const int HasExtra = 4;
        const int HasName = 8;
        const int HasComment = 16;
        var flags = header[3];
        if ((flags & HasExtra) != 0)
        {
            var length = Next() | (Next() << 8);
            Pass(length);
        }

        for (var texts = ((flags & HasName) != 0 ? 1 : 0) + ((flags & HasComment) != 0 ? 1 : 0); texts > 0; texts--)
        {
            while (Next() != 0)
            {
            }
        }

        Pass((flags & HasChecksum) != 0 ? 2 : 0);
        (_crc, _length, _isFirst) = (0, 0, false);
        _member = new DeflateStream(_feed, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    private int Next()
    {
        var value = _feed.ReadByte();
        return value >= 0 ? value : throw Damaged();
    }

    private void Pass(int count)
    {
        for (; count > 0; count--)
        {
            Next();
        }
    }

    /// <summary>
    /// Finds the checksum and length that a member ends with among the bytes that were read last. The inflater does not tell how many of them it used.
    /// </summary>
    private void End()
    {
        _member!.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[sizeof(uint)..], _length);
        if (!_feed.GoBackBehind(trailer))
        {
            throw Damaged();
        }
    }

    /// <summary>Gives the packed bytes, and remembers the last of them.</summary>
    private sealed class Feed(Stream packed) : ReadOnlyStream
    {
        private byte[] _last = [];
        private byte[] _before = [];
        private int _lastLength;
        private int _beforeLength;
        private ReadOnlyMemory<byte> _again;

        public override int Read(Span<byte> buffer)
        {
            int read;
            if (_again.IsEmpty)
            {
                read = packed.Read(buffer);
            }
            else
            {
                read = Math.Min(buffer.Length, _again.Length);
                _again.Span[..read].CopyTo(buffer);
                _again = _again[read..];
            }

            if (read > 0)
            {
                (_before, _last, _beforeLength) = (_last, _before, _lastLength);
                if (_last.Length < read)
                {
                    _last = new byte[read];
                }

                buffer[..read].CopyTo(_last);
                _lastLength = read;
            }

            return read;
        }

        /// <summary>Goes back to the byte behind some that were read lately, or are about to be; false where they are not there.</summary>
        internal bool GoBackBehind(ReadOnlySpan<byte> wanted)
        {
            byte[] recent = [.. _before.AsSpan(0, _beforeLength), .. _last.AsSpan(0, _lastLength)];
            var ahead = new byte[wanted.Length];
            var count = this.ReadAtLeast(ahead, ahead.Length, throwOnEndOfStream: false);
            byte[] bytes = [.. recent, .. ahead.AsSpan(0, count), .. _again.Span];
            var behind = -1;
            for (var i = 0; i + wanted.Length <= bytes.Length; i++)
            {
                if (!bytes.AsSpan(i).StartsWith(wanted))
                {
                    continue;
                }

                // An empty member ends with zeros, of which there may be more than these.
                behind = i + wanted.Length;
                if (bytes.AsSpan(behind).StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
                {
                    break;
                }
            }

            (_beforeLength, _lastLength) = (0, 0);
            _again = behind < 0 ? default : bytes.AsMemory(behind);
            return behind >= 0;
        }
    }
}

using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Gmm.Data.Text;

/// <summary>Opens a text of any encoding as UTF-8 without a byte order mark, and keeps its start to be looked at.</summary>
internal sealed class TextSource
{
    private const int LongestMark = 4;
    private const int FirstSample = 1 << 18;

    /// <summary>A sample has this many lines, if the text has them, and as much memory as its longest row takes.</summary>
    private const int FewestLines = 8;

    private const int LargestSample = 1 << 24;

    private readonly Stream _rest;
    private byte[] _sample = [];

    private TextSource(Stream stream, string place, TableOptions options)
    {
        Size = stream.CanSeek ? stream.Length - stream.Position : null;
        var start = new byte[LongestMark];
        var length = stream.ReadAtLeast(start, LongestMark, throwOnEndOfStream: false);
        var (marked, markLength) = Mark(start.AsSpan(0, length));
        Stream bytes = new PrefixedStream(start.AsMemory(markLength, length - markLength), stream);
        var encoding = marked ?? options.Encoding;
        _rest = new EndMarkStream(
            encoding is null or UTF8Encoding ? bytes : Encoding.CreateTranscodingStream(bytes, encoding, new UTF8Encoding(false), leaveOpen: true));
        TakeSample();
        CheckIsText(place, options.Words);
        if (encoding is null && !IsUtf8(_sample, IsWhole))
        {
            // Spreadsheets of Western languages write this; of its bytes only names matter, and 0 to 127 are those of UTF-8.
            IsGuess = true;
            var western = WindowsWestern();
            _sample = Encoding.Convert(western, Encoding.UTF8, _sample);
            _rest = Encoding.CreateTranscodingStream(_rest, western, new UTF8Encoding(false), leaveOpen: true);
        }
    }

    /// <summary>The bytes of the input, where that is known.</summary>
    internal long? Size { get; }

    /// <summary>Whether the text is no UTF-8, and was read as Windows-1252 because nothing else was said.</summary>
    internal bool IsGuess { get; }

    /// <summary>Whether the sample is the whole text.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>Whether the sample has a quote.</summary>
    internal bool HasQuotes => Array.IndexOf(_sample, (byte)'"') >= 0;

    /// <summary>The start of the text.</summary>
    internal byte[] Sample => _sample;

    /// <summary>Looks at the start of a text.</summary>
    /// <param name="stream">Read from where it is; it stays open.</param>
    /// <param name="place">The start of an error message.</param>
    /// <param name="options">The encoding, and the words of messages.</param>
    internal static TextSource Open(Stream stream, string place, TableOptions options) => new(stream, place, options);

    /// <summary>Gives the whole text, once.</summary>
    internal Stream Content() => new PrefixedStream(Sample, _rest);

    /// <summary>Gives the encoding of Western Windows. Only bytes above 127 differ from UTF-8.</summary>
    private static Encoding WindowsWestern()
    {
        const int CodePage = 1252;
        return CodePagesEncodingProvider.Instance.GetEncoding(CodePage)!;
    }

    private static (Encoding? Encoding, int Length) Mark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF] => (new UTF32Encoding(bigEndian: true, byteOrderMark: false), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>Tells whether a text is UTF-8; one that goes on may be cut within a character.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> text, bool isWhole)
    {
        for (var cut = 0; cut < LongestMark && cut <= text.Length && (cut == 0 || !isWhole); cut++)
        {
            if (Utf8.IsValid(text[..^cut]))
            {
                return true;
            }
        }

        return false;
    }

    private void TakeSample()
    {
        var room = ArrayPool<byte>.Shared.Rent(FirstSample);
        var length = 0;
        while (true)
        {
            var read = _rest.ReadAtLeast(room.AsSpan(length), room.Length - length, throwOnEndOfStream: false);
            length += read;
            IsWhole = length < room.Length;
            var text = room.AsSpan(0, length);
            if (IsWhole || length >= LargestSample || Math.Max(text.Count((byte)'\n'), text.Count((byte)'\r')) >= FewestLines)
            {
                break;
            }

            var larger = ArrayPool<byte>.Shared.Rent(2 * room.Length);
            text.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(room);
            room = larger;
        }

        _sample = room.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(room);
    }

    private void CheckIsText(string place, OptionWords words)
    {
        const int Enough = 16;
        const int Looked = 4096;
        ReadOnlySpan<byte> start = _sample.AsSpan(0, Math.Min(_sample.Length, Looked));
        var (controls, nuls) = (0, (Even: 0, Odd: 0));
        for (var i = 0; i < start.Length; i++)
        {
            controls += start[i] is < 9 or (> 13 and < 32) ? 1 : 0;
            nuls = start[i] != 0 ? nuls : i % 2 == 0 ? (nuls.Even + 1, nuls.Odd) : (nuls.Even, nuls.Odd + 1);
        }

        if (start.Length >= Enough && Math.Max(nuls.Even, nuls.Odd) > start.Length * 2 / 5 && Math.Min(nuls.Even, nuls.Odd) == 0)
        {
            var name = nuls.Even > 0 ? "utf-16BE" : "utf-16";
            throw new TableFormatException($"{place}: the file looks like UTF-16 without a byte order mark; {words.Encoding} {name} reads it");
        }

        if (controls >= Enough && controls > start.Length / 10)
        {
            throw new TableFormatException($"{place}: the file is neither text nor an array that is known; a text table, .npy or .npz is required");
        }
    }
}

using System.Buffers;
using System.Text.Json;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Serialization;

/// <summary>
/// Reads the bytes of a JSON document and stops at the first that cannot belong to one. The parser takes whole documents only, and would read any
/// stream into memory to its end.
/// </summary>
internal static class JsonText
{
    // Bytes of the longest token. Names of columns are the longest tokens of a model.
    private const int LongestWord = 1 << 24;

    // An endless array of numbers is JSON, but not a model. The parser takes another 12 bytes for every value.
    private const int LongestRow = 1 << 24;
    private const int MostValues = 1 << 27;

    private const int Piece = 1 << 20;
    private const int MarkLength = 3;

    /// <summary>Reads a stream to its end, without a byte order mark at its start.</summary>
    /// <exception cref="JsonException">It is not a JSON document; the place counts from its start.</exception>
    /// <exception cref="InvalidDataException">It is UTF-16, or longer in some way than any model.</exception>
    public static ReadOnlyMemory<byte> Read(Stream stream)
    {
        var text = new ArrayBufferWriter<byte>(Piece);
        var more = Append(stream, text);
        CheckEncoding(text.WrittenSpan);
        var mark = text.WrittenSpan is [0xEF, 0xBB, 0xBF, ..] ? MarkLength : 0;
        var (state, passed, word) = (new JsonReaderState(), mark, mark);
        int values = 0, row = 0;
        while (true)
        {
            var reader = new Utf8JsonReader(text.WrittenSpan[passed..], isFinalBlock: !more, state);
            while (reader.Read())
            {
                word = passed + (int)reader.BytesConsumed;
                values++;
                row = reader.TokenType == JsonTokenType.Number ? row + 1 : 0;
                if (row > LongestRow) Throw.InvalidModel($"an array has more than {LongestRow} numbers; no model has so many");
                if (values > MostValues) Throw.InvalidModel($"the document has more than {MostValues} values; no more can be read");
            }
            passed += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            if (!more) return text.WrittenMemory[mark..];
            if (text.WrittenCount - word > LongestWord)
            {
                Throw.InvalidModel(
                    $"not a JSON document: byte {word + 1L} is followed by more than {LongestWord >> 20} MiB without an end");
            }
            if (text.WrittenCount > Array.MaxLength - Piece)
                Throw.InvalidModel($"the document is longer than {Array.MaxLength} bytes, the most that can be read");
            more = Append(stream, text);
        }
    }

    private static bool Append(Stream stream, ArrayBufferWriter<byte> text)
    {
        var read = stream.ReadAtLeast(text.GetSpan(Piece)[..Piece], Piece, throwOnEndOfStream: false);
        text.Advance(read);
        return read == Piece;
    }

    // JSON starts with an ASCII character, so a zero beside it means UTF-16.
    private static void CheckEncoding(ReadOnlySpan<byte> text)
    {
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [> 0, 0, > 0, ..] or [0, > 0, 0, ..])
            Throw.InvalidModel("the document is UTF-16; UTF-8 is required");
    }
}

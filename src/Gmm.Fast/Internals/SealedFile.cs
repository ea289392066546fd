using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gmm.Fast.Internals;

/// <summary>
/// Writes and reads files of state: a line with the format and its version, the content, and a checksum of both (SHA-2). A file that is cut short, damaged
/// or of another kind is refused before any of its content is used.
/// </summary>
internal static class SealedFile
{
    private const int SealLength = SHA256.HashSizeInBytes;
    private const int Piece = 1 << 20;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Receives the bytes; stays open.</param>
    /// <param name="format">The name of the format, one word.</param>
    /// <param name="version">Its version.</param>
    /// <param name="content">Writes the content.</param>
    public static void Write(Stream stream, string format, int version, Action<StateCarrier> content)
    {
        using var hash = SHA256.Create();
        using (var sealing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var buffered = new BufferedStream(sealing, Piece))
        {
            buffered.Write(Heading(format, version));
            content(StateCarrier.To(buffered));
        }
        stream.Write(hash.Hash!);
    }

    /// <summary>Checks a file and gives its content.</summary>
    /// <param name="stream">The bytes from its position to its end; it must be able to seek.</param>
    /// <param name="format">The name of the format.</param>
    /// <param name="version">The version that is read.</param>
    /// <exception cref="InvalidDataException">It is another kind of file, of another version, or damaged.</exception>
    public static StateCarrier Read(Stream stream, string format, int version)
    {
        var begin = stream.Position;
        var (heading, word) = (Heading(format, version), Encoding.ASCII.GetBytes($"{format} "));
        var found = new byte[heading.Length];
        var length = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        if (!found.AsSpan(0, length).StartsWith(word)) Throw.InvalidModel($"is no file of the format {format}");
        if (!found.AsSpan().SequenceEqual(heading)) Throw.InvalidModel($"has another version of the format {format} than {version}, which this program reads");
        var end = stream.Length - SealLength;
        if (end < stream.Position) Throw.InvalidModel("is cut short");

        stream.Position = begin;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Piece];
        while (stream.Position < end)
        {
            var count = (int)Math.Min(piece.Length, end - stream.Position);
            stream.ReadExactly(piece, 0, count);
            hash.AppendData(piece, 0, count);
        }
        stream.ReadExactly(piece, 0, SealLength);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(piece.AsSpan(0, SealLength))) Throw.InvalidModel("is damaged or cut short: its checksum differs");
        stream.Position = begin + heading.Length;
        return StateCarrier.From(stream, end);
    }

    private static byte[] Heading(string format, int version) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{format} {version}\n"));
}

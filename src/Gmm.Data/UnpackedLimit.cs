namespace Gmm.Data;

/// <summary>Tells whether so many bytes can be packed in a file: libraries take memory for what a file claims before they unpack it.</summary>
internal static class UnpackedLimit
{
    // Room for so much is taken whatever the file.
    private const long Small = 1 << 26;

    // zstd packs equal bytes in blocks of 128 KiB of 4 bytes (RFC 8878, 3.1.1.2). Only brotli can do better, of numbers that hardly change.
    private const long MostPerByte = 1 << 15;

    /// <summary>Tells whether a claim can be true.</summary>
    /// <param name="unpacked">The bytes that a part of a file is said to unpack to.</param>
    /// <param name="fileLength">The bytes of the file.</param>
    internal static bool Allows(long unpacked, long fileLength) => unpacked >= 0 && (unpacked <= Small || unpacked / MostPerByte <= fileLength);
}

using System.Buffers.Binary;
using System.Text;

namespace Gmm.Fuzz;

/// <summary>
/// Damage that keeps enough of a format to get past its door: bits and bytes, cuts, repetitions, splices of two files, other numbers for numbers,
/// tokens of the format, other values for length fields, and right checksums around wrong chunks.
/// </summary>
internal sealed class Mutator(Reader reader, IReadOnlyList<byte[]> corpus)
{
    private const int MostSteps = 6;
    private const int Longest = 1 << 20;

    private static readonly byte[][] s_numbers =
    [
        .. new[]
        {
            "0", "-0", "-1", "1", "2", "0.5", "1e400", "-1e400", "1e-400", "1e999999999", "NaN", "nan", "Infinity", "-inf", "1,5", "1.5.2", "0x10", "1_000", "٣",
            "65536", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616",
            "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308", "null", "\"1\"", "true", "[]", "{}", "",
        }.Select(Encoding.UTF8.GetBytes),
        [.. Enumerable.Repeat((byte)'9', 400)],
        [(byte)'0', (byte)'.', .. Enumerable.Repeat((byte)'1', 2000)],
    ];

    private static readonly long[] s_lengths =
        [0, 1, 2, 3, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, long.MaxValue, long.MinValue, -1];

    private readonly byte[][] _tokens = [.. reader.Tokens.Select(Encoding.UTF8.GetBytes), .. reader.Tokens.Select(Encoding.Latin1.GetBytes)];

    internal byte[] Next(Random random)
    {
        var bytes = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var steps = random.Next(MostSteps + 1); steps > 0; steps--) Step(bytes, random);
        if (random.Next(200) == 0) Inflate(bytes, random);
        var result = bytes.ToArray();
        if (random.Next(2) == 0) Checksums.Mend(result);
        return result;
    }

    private void Step(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var count = Math.Min(random.Next(1, random.Next(2) == 0 ? 5 : 65), bytes.Count - at);
        switch (random.Next(11))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.Insert(at, (byte)random.Next(256)); break;
            case 3: bytes.RemoveRange(at, count); break;
            case 4 when random.Next(3) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
            case 5: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, count)); break;
            case 6: Splice(bytes, at, corpus[random.Next(corpus.Count)], random); break;
            case 7 or 8: ReplaceNumber(bytes, at, s_numbers[random.Next(s_numbers.Length)]); break;
            case 9: bytes.InsertRange(at, _tokens[random.Next(_tokens.Length)]); break;
            case 10: ReplaceLength(bytes, at, random); break;
        }
    }

    private static void Splice(List<byte> bytes, int at, byte[] other, Random random)
    {
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
    }

    /// <summary>The first run of digits, with its sign, point and exponent, from <paramref name="at"/> on.</summary>
    private static void ReplaceNumber(List<byte> bytes, int at, byte[] number)
    {
        var start = bytes.FindIndex(at, value => char.IsAsciiDigit((char)value));
        if (start < 0) return;
        var end = start;
        while (end < bytes.Count && (char.IsAsciiDigit((char)bytes[end]) || bytes[end] is (byte)'.' or (byte)'e' or (byte)'E' or (byte)'-' or (byte)'+')) end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, number);
    }

    private static void ReplaceLength(List<byte> bytes, int at, Random random)
    {
        var width = 1 << random.Next(4);
        if (at + width > bytes.Count) return;
        Span<byte> field = stackalloc byte[sizeof(long)];
        var bigEndian = random.Next(2) == 0;
        var value = random.Next(4) == 0 ? bytes.Count + random.Next(-2, 3) : s_lengths[random.Next(s_lengths.Length)];
        if (bigEndian) BinaryPrimitives.WriteInt64BigEndian(field, value);
        else BinaryPrimitives.WriteInt64LittleEndian(field, value);
        field = bigEndian ? field[^width..] : field[..width];
        for (var i = 0; i < width; i++) bytes[at + i] = field[i];
    }

    /// <summary>Repeats a part, or one item of a list, until the input is long enough for its memory to be judged.</summary>
    private static void Inflate(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0) return;
        var at = random.Next(bytes.Count);
        var count = Math.Min(random.Next(1, 9), bytes.Count - at);
        if (random.Next(2) == 0 && bytes.IndexOf((byte)',', at) is var comma and >= 0 && bytes.IndexOf((byte)',', comma + 1) is var next and >= 0)
            (at, count) = (comma, next - comma);
        var part = bytes.GetRange(at, count).ToArray();
        var length = random.Next(Longest / 4, Longest);
        var filled = new byte[length / part.Length * part.Length];
        for (var i = 0; i < filled.Length; i++) filled[i] = part[i % part.Length];
        bytes.InsertRange(at, filled);
    }
}

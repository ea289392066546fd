using System.Text;
using CsCheck;

namespace Gmm.Data.Tests;

/// <summary>Valid files with random damage: a table or a <see cref="TableFormatException"/> comes out, and memory stays bounded.</summary>
public class DamageTests
{
    private const long MemoryLimit = 16 << 20;

    private static readonly byte[] s_csv =
        Encoding.UTF8.GetBytes("\uFEFFsepal,\"pe\"\"tal\",n\r\n5.1,3.5,1e10\r\n\r\n\"4.9\",-3,2\r\n4.7,3.2,1.5E-3\r\n");

    private static readonly byte[] s_npy = Samples.Npy("<f8", "(3, 2)", Samples.Bytes(1, 2, 3, 4, 5, 6));

    private enum Damage
    {
        Change,
        Insert,
        Delete,
        Cut,
        Repeat,
    }

    [Fact]
    public void CsvSurvives() => Check(s_csv, stream => TableFile.Read(stream, "data.csv"));

    [Fact]
    public void CsvWithChosenColumnsSurvives() => Check(s_csv, stream => TableFile.Read(stream, "data.csv", new() { Columns = ["n", "1"] }));

    [Fact]
    public void NpySurvives() => Check(s_npy, stream => TableFile.Read(stream, "data.npy"));

    private static void Check(byte[] valid, Func<Stream, NumericTable> read)
    {
        // Bytes that mean something to a format come up as often as all others together.
        var anyByte = Gen.OneOf<byte>(Gen.Byte, Gen.OneOf<byte>([.. "0,\"\n\r\t'()-.eE9L:{}<>\0"u8, 0xEF, 0xFF, 0xFE]));
        var damage = Gen.Select(Gen.Enum<Damage>(), Gen.Int[0, valid.Length - 1], anyByte);
        Gen.Select(damage.Array[1, 8], Gen.Bool).Sample((steps, seekable) =>
        {
            var bytes = valid.ToList();
            foreach (var (kind, position, value) in steps)
            {
                Apply(bytes, kind, position, value);
            }

            var array = bytes.ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var table = read(seekable ? new MemoryStream(array) : new Samples.Pipe(array, 7));
                Assert.All(table.Values, value => Assert.True(double.IsFinite(value)));
                Assert.True(table.Rows > 0);
            }
            catch (TableFormatException e)
            {
                Assert.StartsWith("data.", e.Message);
                Assert.DoesNotContain(e.Message, char.IsControl);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MemoryLimit);
        }, iter: 20_000);
    }

    private static void Apply(List<byte> bytes, Damage kind, int position, byte value)
    {
        position = Math.Min(position, bytes.Count - 1);
        switch (kind)
        {
            case Damage.Insert:
                bytes.Insert(Math.Max(position, 0), value);
                break;
            case Damage.Change when position >= 0:
                bytes[position] = value;
                break;
            case Damage.Delete when position >= 0:
                bytes.RemoveAt(position);
                break;
            case Damage.Cut when position >= 0 && value < 32:
                bytes.RemoveRange(position, bytes.Count - position);
                break;
            case Damage.Repeat when position >= 0:
                bytes.InsertRange(position, bytes.GetRange(position, Math.Min(value, bytes.Count - position)));
                break;
        }
    }
}

using System.Numerics;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Tests.Internals;

/// <summary>Compares the generator with a second, plain implementation, which is compared with published outputs.</summary>
public class Xoshiro256Tests
{
    [Fact]
    public void ThePlainImplementationGivesThePublishedNumbers()
    {
        var split = new SplitMix { State = 1234567 };
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => split.Next()));

        // The first outputs from the state 1, 2, 3, 4, as in the tests of other implementations.
        ulong[] state = [1, 2, 3, 4];
        Assert.Equal(
            [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832],
            Enumerable.Range(0, 8).Select(_ => Next(state)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1234567)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void EveryStreamIsSeededFromItsPartOfSplitMix(long seed)
    {
        var split = new SplitMix { State = unchecked((ulong)seed) };
        for (var stream = 0; stream < 6; stream++)
        {
            ulong[] state = [split.Next(), split.Next(), split.Next(), split.Next()];
            var random = new Xoshiro256(seed, stream);
            for (var i = 0; i < 1000; i++) Assert.Equal(Next(state), random.NextUInt64());
        }
    }

    [Fact]
    public void UniformsAreTheTop53Bits()
    {
        var (bits, doubles) = (new Xoshiro256(5), new Xoshiro256(5));
        double sum = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var u = doubles.NextDouble();
            Assert.InRange(u, 0, Math.BitDecrement(1.0));
            Assert.Equal(Math.ScaleB(bits.NextUInt64() >> 11, -53), u);
            sum += u;
        }
        Assert.Equal(0.5, sum / 10_000, 0.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1_000_000_007)]
    [InlineData(long.MaxValue)]
    public void NumbersBelowALimitAreScaledNotFolded(long limit)
    {
        var (bits, numbers) = (new Xoshiro256(6), new Xoshiro256(6));
        for (var i = 0; i < 1000; i++)
        {
            var expected = (long)(((BigInteger)bits.NextUInt64() * limit) >> 64);
            Assert.Equal(expected, numbers.NextBelow(limit));
            Assert.InRange(expected, 0, limit - 1);
        }
    }

    // As the authors print it (prng.di.unimi.it/xoshiro256starstar.c).
    private static ulong Next(ulong[] s)
    {
        var result = Rotate(s[1] * 5, 7) * 9;
        var t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = Rotate(s[3], 45);
        return result;

        static ulong Rotate(ulong x, int k) => (x << k) | (x >> (64 - k));
    }

    private sealed class SplitMix
    {
        public ulong State { get; set; }

        public ulong Next()
        {
            var z = State += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }
    }
}

using System.Numerics;

namespace Gmm.Fast.Internals;

/// <summary>
/// Draws numbers by xoshiro256** (Blackman and Vigna, Scrambled linear pseudorandom number generators, ACM TOMS 47, 2021), seeded from SplitMix64
/// as its authors advise. <see cref="Random"/> does not promise its sequence; starts and samples must be the same on every release.
/// </summary>
internal sealed class Xoshiro256
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Makes a stream. The state of stream r is the outputs 4r .. 4r + 3 of SplitMix64 from the seed.</summary>
    public Xoshiro256(long seed, int stream = 0)
    {
        var state = unchecked((ulong)seed + 4 * (ulong)stream * SplitMixIncrement);
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    private const ulong SplitMixIncrement = 0x9E3779B97F4A7C15;

    /// <summary>Draws 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Draws a uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => ToDouble(NextUInt64());

    /// <summary>Gives a uniform number in [0, 1), a multiple of 2^-53, from 64 random bits.</summary>
    public static double ToDouble(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>Gives 64 random bits for a number: the output of SplitMix64 from a state that is the number times its increment.</summary>
    public static ulong Hash(ulong number)
    {
        var state = unchecked(number * SplitMixIncrement);
        return SplitMix(ref state);
    }

    /// <summary>Draws a uniform integer in [0, limit), with a bias of at most limit / 2^64.</summary>
    public long NextBelow(long limit) => (long)Math.BigMul(NextUInt64(), (ulong)limit, out _);

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += SplitMixIncrement;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

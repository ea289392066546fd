using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Compares doubles with 106-bit arithmetic.</summary>
public class LaneMathTests() : LaneMathTests<double>(expBound: 0.82, logBound: 0.95)
{
    [Fact]
    public void TheJudgeKnowsKnownDigits()
    {
        // e^-1, 2^-1/2 and ln 10, to 32 digits.
        AssertDigits(DoubleDouble.Exp(-1), 0.36787944117144233, -1.2428753672788363e-17);
        AssertDigits(DoubleDouble.Exp2(-0.5), 0.7071067811865476, -4.833646656726457e-17);
        AssertDigits(DoubleDouble.Log(10), 2.302585092994046, -2.1707562233822494e-16);
        Assert.Equal(1, DoubleDouble.Exp(0).High);
        Assert.Equal(Math.ScaleB(1, -64), DoubleDouble.Exp2(-64).High);
        Assert.Equal(0, DoubleDouble.Log(1).High);
        foreach (var x in (double[])[-700, -100.3, -44.36, -1e-5, -1e-300]) Assert.True(DoubleDouble.Exp(x).UlpError(Math.Exp(x)) < 1.01);

        static void AssertDigits(DoubleDouble actual, double high, double low)
        {
            Assert.Equal(high, actual.High);
            Assert.Equal(low, actual.Low, 1e-28);
        }
    }

    private protected override TResult Select<TUser, TResult>(LaneWidth width, TUser user) => LaneWidths.Select<TUser, TResult>(width, user);

    private protected override double ExpError(double x, double value) => DoubleDouble.Exp2(x).UlpError(value);

    private protected override double LogError(double x, double value) => DoubleDouble.Log(x).UlpError(value);
}

/// <summary>Compares floats with the library's doubles, which err by 2^-28 of their ulp.</summary>
public class LaneMathSingleTests() : LaneMathTests<float>(expBound: 0.82, logBound: 0.95)
{
    private protected override TResult Select<TUser, TResult>(LaneWidth width, TUser user) => LaneWidths.SelectSingle<TUser, TResult>(width, user);

    private protected override double ExpError(float x, float value) => UlpError(Math.Pow(2, x), value);

    private protected override double LogError(float x, float value) => UlpError(Math.Log(x), value);

    private static double UlpError(double exact, float value) => Math.Abs(value - exact) / Math.ScaleB(1, Math.Max(Math.ILogB(exact), -126) - 23);
}

/// <summary>Checks exponential and logarithm of the lanes: a million arguments each within bounds in ulp, and the same bits at every width.</summary>
public abstract unsafe class LaneMathTests<T>(double expBound, double logBound)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private const int Count = 1_000_000;

    // Below it the exponential is 0.
    private const double LeastExpArgument = -64.5;

    private static readonly int s_maxExponent = T.ILogB(T.MaxValue);
    private static readonly T s_minNormal = T.ScaleB(T.One, 1 - s_maxExponent);

    [Fact]
    public void ExpIsWithinItsBoundAndTheSameAtEveryWidth() => Check(ExpArguments(), Kind.Exp, ExpError, expBound);

    [Fact]
    public void LogIsWithinItsBoundAndTheSameAtEveryWidth() => Check(LogArguments(), Kind.Log, LogError, logBound);

    [Fact]
    public void ExpIsOneAtAndNextToZero()
    {
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            foreach (var x in (T[])[T.Zero, T.NegativeZero, -T.Epsilon, -s_minNormal]) Assert.Equal(T.One, Map(width, [x], Kind.Exp)[0]);
        }
    }

    [Fact]
    public void ExpIsZeroBelowTheCutAndForWhatIsNoNumber()
    {
        var last = T.CreateChecked(LeastExpArgument);
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            Assert.True(Map(width, [last], Kind.Exp)[0] > T.Zero);
            foreach (var x in (T[])[T.BitDecrement(last), T.CreateChecked(-65), T.CreateChecked(-1e30), T.MinValue, T.NegativeInfinity, T.NaN])
                SameBits([T.Zero], Map(width, [x], Kind.Exp), width);
        }
    }

    [Fact]
    public void LogOfOneIsPlusZero()
    {
        foreach (var width in Enum.GetValues<LaneWidth>()) SameBits([T.Zero], Map(width, [T.One], Kind.Log), width);
    }

    // Select, or its twin for floats.
    private protected abstract TResult Select<TUser, TResult>(LaneWidth width, TUser user)
        where TUser : struct, ILaneUser<T, TResult>;

    // How far value is from 2^x and ln x, in ulp.
    private protected abstract double ExpError(T x, T value);

    private protected abstract double LogError(T x, T value);

    private void Check(T[] arguments, Kind kind, Func<T, T, double> ulpError, double bound)
    {
        var values = Map(LaneWidth.Scalar, arguments, kind);
        var worst = new double[Environment.ProcessorCount];
        Parallel.For(0, worst.Length, part =>
        {
            for (var i = part; i < arguments.Length; i += worst.Length)
            {
                var error = ulpError(arguments[i], values[i]);
                Assert.True(error <= bound, $"f({arguments[i]:R}) is {values[i]:R}, wrong by {error:0.000} ulp");
                worst[part] = Math.Max(worst[part], error);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst.Max():0.000} ulp");
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            SameBits(values, Map(width, arguments, kind), width);
            if (kind == Kind.Exp) SameBits(values, Map(width, arguments, Kind.FourExp), width);
        }
    }

    // A float keeps its bits as a double: the widening is exact, and so is the sign of zero.
    private static void SameBits(T[] expected, T[] actual, LaneWidth width) =>
        Measures.SameBits(Array.ConvertAll(expected, double.CreateChecked), Array.ConvertAll(actual, double.CreateChecked), width.ToString());

    private T[] ExpArguments()
    {
        var random = new Random(1);
        var least = T.CreateChecked(LeastExpArgument);
        List<T> x = [T.Zero, T.NegativeZero, -T.Epsilon, -s_minNormal, T.CreateChecked(-1e-300)];

        // Where the rounding of n changes: the ends of the reduced range.
        for (var n = 0; n <= 64; n++)
        {
            var edge = T.CreateChecked(-(n + 0.5));
            x.AddRange([edge, T.BitIncrement(edge), T.BitDecrement(edge), T.CreateChecked(-n)]);
        }
        for (var e = -60; e < 10; e++)
        {
            var power = T.ScaleB(T.One, e);
            x.AddRange([-power, -T.BitIncrement(power), -T.BitDecrement(power)]);
        }
        x.RemoveAll(value => value < least);
        while (x.Count < Count / 2) x.Add(T.CreateChecked(-random.NextDouble()));
        while (x.Count < 3 * Count / 4) x.Add(T.CreateChecked(LeastExpArgument * random.NextDouble()));
        while (x.Count < Count) x.Add(T.CreateChecked(-Math.Exp(-40 * random.NextDouble())));
        return [.. x];
    }

    private static T[] LogArguments()
    {
        var random = new Random(2);
        T[] special = [T.One, T.BitIncrement(T.One), T.BitDecrement(T.One), s_minNormal, T.BitIncrement(s_minNormal), T.MaxValue];
        List<T> x = [.. special, T.CreateChecked(2), T.CreateChecked(10)];
        for (var e = 1 - s_maxExponent; e <= s_maxExponent; e++)
        {
            var power = T.ScaleB(T.One, e);
            var half = T.ScaleB(T.Sqrt(T.CreateChecked(0.5)), e);
            x.AddRange([power, T.BitIncrement(power), half, T.BitIncrement(half), T.BitDecrement(half)]);
        }
        x.RemoveAll(value => value < s_minNormal);
        for (var e = 1; e < 53; e++) x.AddRange([T.One + T.ScaleB(T.One, -e), T.One - T.ScaleB(T.One, -e)]);
        while (x.Count < Count / 2) x.Add(T.CreateChecked(0.5 + 1.5 * random.NextDouble()));
        while (x.Count < 3 * Count / 4) x.Add(T.CreateChecked(1 + 100 * random.NextDouble()));
        while (x.Count < Count) x.Add(AnyNormal());
        return [.. x];

        // 0.9999999: a float must not round up to 2.
        T AnyNormal() => T.ScaleB(T.CreateChecked(1 + 0.9999999 * random.NextDouble()), random.Next(1 - s_maxExponent, s_maxExponent + 1));
    }

    private T[] Map(LaneWidth width, T[] arguments, Kind kind)
    {
        // Whole vectors, four together: a few zeros or ones behind the end.
        var widest = 4 * LaneSum.PartialsOf<T>();
        T[] padded = [.. arguments, .. Enumerable.Repeat(kind == Kind.Log ? T.One : T.Zero, widest - arguments.Length % widest)];
        fixed (T* values = padded) Select<Function, int>(width, new Function(values, padded.Length, kind));
        return padded[..arguments.Length];
    }

    private enum Kind
    {
        Exp,

        // As the assignment takes them: four vectors together.
        FourExp,
        Log,
    }

    private readonly struct Function(T* values, int count, Kind kind) : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            if (kind == Kind.FourExp) return Exp<TLanes, TVector, QuadLanes<TLanes, TVector, T>, Quad<TVector>>();
            if (kind == Kind.Exp) return Exp<TLanes, TVector, TLanes, TVector>();
            for (var i = 0; i < count; i += TLanes.Count) TLanes.Store(values + i, TLanes.Log(TLanes.Load(values + i)));
            return count;
        }

        private int Exp<TLanes, TVector, TAnyLanes, TAny>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
            where TAnyLanes : struct, ILaneArithmetic<TAny, T>
            where TAny : struct
        {
            for (var i = 0; i < count; i += TAnyLanes.Count) TAnyLanes.Store(values + i, TLanes.Exp2<TAnyLanes, TAny>(TAnyLanes.Load(values + i)));
            return count;
        }
    }
}

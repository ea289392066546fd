using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Exponential and logarithm of the lanes against 106-bit arithmetic, a million arguments each, and the same bits at every width.</summary>
public unsafe class LaneMathTests
{
    private const int Count = 1_000_000;
    private const double MinNormal = 2.2250738585072014E-308;

    [Fact]
    public void ExpIsWithinItsBoundAndTheSameAtEveryWidth() => Check(ExpArguments(), exp: true, DoubleDouble.Exp, bound: 1.1);

    [Fact]
    public void LogIsWithinOneUlpAndTheSameAtEveryWidth() => Check(LogArguments(), exp: false, DoubleDouble.Log, bound: 1);

    [Fact]
    public void TheJudgeKnowsKnownDigits()
    {
        // e^-1, e^-100, ln 10 and ln(1 + 2^-20), to 32 digits.
        AssertDigits(DoubleDouble.Exp(-1), 0.36787944117144233, -1.2428753672788363e-17);
        AssertDigits(DoubleDouble.Log(10), 2.302585092994046, -2.1707562233822494e-16);
        Assert.Equal(1, DoubleDouble.Exp(0).High);
        Assert.Equal(0, DoubleDouble.Log(1).High);
        foreach (var x in (double[])[-700, -100.3, -44.36, -1e-5, -1e-300]) Assert.True(DoubleDouble.Exp(x).UlpError(Math.Exp(x)) < 1.01);

        static void AssertDigits(DoubleDouble actual, double high, double low)
        {
            Assert.Equal(high, actual.High);
            Assert.Equal(low, actual.Low, 1e-28);
        }
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(-1e-300, 1.0)]
    [InlineData(-double.Epsilon, 1.0)]
    public void ExpIsExactWhereItMustBe(double x, double expected)
    {
        foreach (var width in Enum.GetValues<LaneWidth>()) Assert.Equal(expected, Map(width, [x], exp: true)[0]);
    }

    [Fact]
    public void LogOfOneIsPlusZero()
    {
        foreach (var width in Enum.GetValues<LaneWidth>()) Measures.SameBits([0.0], Map(width, [1.0], exp: false).AsSpan(0, 1));
    }

    private static void Check(double[] arguments, bool exp, Func<double, DoubleDouble> exact, double bound)
    {
        var values = Map(LaneWidth.Scalar, arguments, exp);
        var worst = new double[Environment.ProcessorCount];
        Parallel.For(0, worst.Length, part =>
        {
            for (var i = part; i < arguments.Length; i += worst.Length)
            {
                var error = exact(arguments[i]).UlpError(values[i]);
                Assert.True(error <= bound, $"f({arguments[i]:R}) is {values[i]:R}, wrong by {error:0.000} ulp");
                worst[part] = Math.Max(worst[part], error);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst.Max():0.000} ulp");
        foreach (var width in (LaneWidth[])[LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512])
            Measures.SameBits(values, Map(width, arguments, exp), width.ToString());
    }

    private static double[] ExpArguments()
    {
        var random = new Random(1);
        List<double> x = [0, -0.0, -1e-300, -double.Epsilon, -MinNormal, -44.36, -64 * Math.Log(2), -44.3614195558364998, -700, -1, -0.5 * Math.Log(2),
             -34.30162628614419];

        // Where the rounding of n changes: the ends of the reduced range.
        for (var n = 0; n < 1009; n++)
        {
            var edge = -(n + 0.5) * Math.Log(2);
            x.AddRange([edge, Math.BitIncrement(edge), Math.BitDecrement(edge), -n * Math.Log(2)]);
        }
        for (var e = -60; e < 10; e++) x.AddRange([-Math.ScaleB(1, e), -Math.BitIncrement(Math.ScaleB(1, e)), -Math.BitDecrement(Math.ScaleB(1, e))]);
        x.RemoveAll(value => value < -700);
        while (x.Count < Count / 2) x.Add(-44.37 * random.NextDouble());
        while (x.Count < 3 * Count / 4) x.Add(-700 * random.NextDouble());
        while (x.Count < Count) x.Add(-Math.Exp(-40 * random.NextDouble()));
        return [.. x];
    }

    private static double[] LogArguments()
    {
        var random = new Random(2);
        List<double> x = [1, Math.BitIncrement(1.0), Math.BitDecrement(1.0), MinNormal, Math.BitIncrement(MinNormal), double.MaxValue, 2, 10];
        for (var e = -1022; e < 1024; e++)
        {
            var power = Math.ScaleB(1, e);
            var half = Math.ScaleB(Math.Sqrt(0.5), e);
            x.AddRange([power, Math.BitIncrement(power), half, Math.BitIncrement(half), Math.BitDecrement(half)]);
        }
        x.RemoveAll(value => value < MinNormal);
        for (var e = 1; e < 53; e++) x.AddRange([1 + Math.ScaleB(1, -e), 1 - Math.ScaleB(1, -e)]);
        while (x.Count < Count / 2) x.Add(0.5 + 1.5 * random.NextDouble());
        while (x.Count < 3 * Count / 4) x.Add(1 + 100 * random.NextDouble());
        while (x.Count < Count) x.Add(Math.ScaleB(1 + random.NextDouble(), random.Next(-1022, 1024)));
        return [.. x];
    }

    private static double[] Map(LaneWidth width, double[] arguments, bool exp)
    {
        // Whole vectors: a few ones behind the end.
        double[] padded = [.. arguments, .. Enumerable.Repeat(exp ? 0.0 : 1.0, 8 - arguments.Length % 8)];
        fixed (double* values = padded) LaneWidths.Select<Function, int>(width, new Function(values, padded.Length, exp));
        return padded[..arguments.Length];
    }

    private readonly struct Function(double* values, int count, bool exp) : ILaneUser<int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            for (var i = 0; i < count; i += TLanes.Count)
            {
                var x = TLanes.Load(values + i);
                TLanes.Store(values + i, exp ? TLanes.Exp(x) : TLanes.Log(x));
            }
            return 0;
        }
    }
}

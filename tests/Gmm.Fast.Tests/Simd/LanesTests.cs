using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Every operation of every width, lane by lane, against the same operation on plain doubles.</summary>
public unsafe class LanesTests
{
    private const double MinNormal = 2.2250738585072014E-308;

    private static readonly double[] s_special =
        [0, -0.0, 1, -1, double.Epsilon, -double.Epsilon, MinNormal, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity,
         Math.PI, 1e-300, -1e300];

    public enum Operation
    {
        Copy, Broadcast, Zero, Add, Subtract, Multiply, Divide, Fma, Max, SelectLess,
    }

    public static TheoryData<Operation, int> Cases()
    {
        var cases = new TheoryData<Operation, int>();
        foreach (var operation in Enum.GetValues<Operation>())
        {
            foreach (var width in Enum.GetValues<LaneWidth>()) cases.Add(operation, (int)width);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryLaneIsThePlainOperation(Operation operation, int width)
    {
        var (a, b, c) = Inputs();
        var actual = Apply((LaneWidth)width, operation, a, b, c);
        for (var i = 0; i < a.Length; i++)
        {
            var expected = operation switch
            {
                Operation.Copy => a[i],
                Operation.Broadcast => a[i / 8 * 8],
                Operation.Zero => 0,
                Operation.Add => a[i] + b[i],
                Operation.Subtract => a[i] - b[i],
                Operation.Multiply => a[i] * b[i],
                Operation.Divide => a[i] / b[i],
                Operation.Fma => Math.FusedMultiplyAdd(a[i], b[i], c[i]),
                Operation.Max => a[i] > b[i] ? a[i] : b[i],
                _ => a[i] < b[i] ? c[i] : a[i],
            };

            // Of two zeros Max may take either.
            var same = double.IsNaN(expected) ? double.IsNaN(actual[i]) : expected.Equals(actual[i]) && (operation == Operation.Max || SameSign(expected, actual[i]));
            Assert.True(same, $"{operation}({a[i]:R}, {b[i]:R}, {c[i]:R}) is {actual[i]:R}, expected {expected:R}");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    public void CountIsTheNumberOfDoublesInAVector(int width, int count) =>
        Assert.Equal(count, LaneWidths.Select<Counter, int>((LaneWidth)width, default));

    [Fact]
    public void ScaleByPowerOfTwoIsExact()
    {
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            for (var n = -1020; n <= 1022; n++)
            {
                double[] x = [1, 1.5, 0.7071067811865476, 1.4142135623730951, 1, 1, 1, 1];
                var scaled = Split(width, x, n, out _);
                for (var i = 0; i < x.Length; i++) Assert.Equal(Math.ScaleB(x[i], n), scaled[i]);
            }
        }
    }

    [Fact]
    public void SplitExponentTakesAnyNormalNumberApartWithoutLoss()
    {
        var random = new Random(3);
        for (var repeat = 0; repeat < 5000; repeat++)
        {
            var x = Enumerable.Range(0, 8).Select(_ => Math.ScaleB(1 + random.NextDouble(), random.Next(-1022, 1024))).ToArray();
            if (repeat == 0) x = [MinNormal, double.MaxValue, 1, Math.BitDecrement(1.0), 0.5, 2, Math.Sqrt(0.5), Math.BitDecrement(Math.Sqrt(0.5))];
            foreach (var width in Enum.GetValues<LaneWidth>())
            {
                var mantissa = Split(width, x, null, out var exponent);
                for (var i = 0; i < 8; i++)
                {
                    // sqrt(1/2) of the interval is rounded down by one bit.
                    Assert.InRange(mantissa[i], Math.BitDecrement(Math.Sqrt(0.5)), Math.Sqrt(2));
                    Assert.Equal(x[i], Math.ScaleB(mantissa[i], (int)exponent[i]));
                    Assert.Equal(Math.Round(exponent[i]), exponent[i]);
                }
            }
        }
    }

    private static bool SameSign(double a, double b) => double.IsNegative(a) == double.IsNegative(b);

    private static (double[] A, double[] B, double[] C) Inputs()
    {
        var random = new Random(7);
        List<(double, double, double)> rows = [];
        foreach (var a in s_special)
        {
            foreach (var b in s_special) rows.Add((a, b, s_special[random.Next(s_special.Length)]));
        }
        while (rows.Count < 1024) rows.Add((Any(), Any(), Any()));
        return ([.. rows.Select(r => r.Item1)], [.. rows.Select(r => r.Item2)], [.. rows.Select(r => r.Item3)]);

        double Any() => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20));
    }

    private static double[] Apply(LaneWidth width, Operation operation, double[] a, double[] b, double[] c)
    {
        var result = new double[a.Length];
        fixed (double* pa = a, pb = b, pc = c, pr = result)
            LaneWidths.Select<Applied, int>(width, new Applied(operation, a.Length, pa, pb, pc, pr));
        return result;
    }

    private static double[] Split(LaneWidth width, double[] x, int? power, out double[] exponent)
    {
        double[] result = [.. x], exponents = new double[8];
        fixed (double* values = result, e = exponents) LaneWidths.Select<Splitter, int>(width, new Splitter(values, e, power));
        exponent = exponents;
        return result;
    }

    private readonly struct Counter : ILaneUser<int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => TLanes.Count;
    }

    // Eight values: multiplied by 2^power, or split where there is no power.
    private readonly struct Splitter(double* values, double* exponents, int? power) : ILaneUser<int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            for (var i = 0; i < 8; i += TLanes.Count)
            {
                var x = TLanes.Load(values + i);
                TVector exponent;
                if (power is { } n) (x, exponent) = (TLanes.ScaleByPowerOfTwo(x, TLanes.Broadcast(n + DoubleBits.Shift)), TLanes.Zero);
                else x = TLanes.SplitExponent(x, out exponent);
                TLanes.Store(values + i, x);
                TLanes.Store(exponents + i, exponent);
            }
            return 0;
        }
    }

    private readonly struct Applied(Operation operation, int count, double* a, double* b, double* c, double* result) : ILaneUser<int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            for (var i = 0; i < count; i += TLanes.Count)
            {
                var (x, y, z) = (TLanes.Load(a + i), TLanes.Load(b + i), TLanes.Load(c + i));
                TLanes.Store(result + i, operation switch
                {
                    Operation.Copy => x,
                    Operation.Broadcast => TLanes.Broadcast(a[i / 8 * 8]),
                    Operation.Zero => TLanes.Zero,
                    Operation.Add => TLanes.Add(x, y),
                    Operation.Subtract => TLanes.Subtract(x, y),
                    Operation.Multiply => TLanes.Multiply(x, y),
                    Operation.Divide => TLanes.Divide(x, y),
                    Operation.Fma => TLanes.Fma(x, y, z),
                    Operation.Max => TLanes.Max(x, y),
                    _ => TLanes.SelectLess(x, y, z, x),
                });
            }
            return 0;
        }
    }
}

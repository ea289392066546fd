using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

public enum LaneOperation
{
    Copy, Broadcast, Zero, Add, Subtract, Multiply, Divide, Fma, Max, SelectLess,
}

public class DoubleLanesTests() : LanesTests<double>(DoubleBits.Shift, minExponent: -1022)
{
    private protected override TResult Select<TUser, TResult>(LaneWidth width, TUser user) => LaneWidths.Select<TUser, TResult>(width, user);
}

public class FloatLanesTests() : LanesTests<float>(FloatBits.Shift, minExponent: -126)
{
    private protected override TResult Select<TUser, TResult>(LaneWidth width, TUser user) => LaneWidths.SelectSingle<TUser, TResult>(width, user);
}

/// <summary>Compares every operation of every width, lane by lane, with the same operation on plain numbers.</summary>
public abstract unsafe class LanesTests<T>(T shift, int minExponent)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private static readonly int s_widest = LaneSum.PartialsOf<T>();
    private static readonly T s_sqrtHalf = T.Sqrt(T.CreateChecked(0.5));

    private readonly T _minNormal = T.ScaleB(T.One, minExponent);

    public static TheoryData<LaneOperation, int> Cases()
    {
        var cases = new TheoryData<LaneOperation, int>();
        foreach (var operation in Enum.GetValues<LaneOperation>())
        {
            foreach (var width in Enum.GetValues<LaneWidth>()) cases.Add(operation, (int)width);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryLaneIsThePlainOperation(LaneOperation operation, int width)
    {
        var (a, b, c) = Inputs();
        var actual = Apply((LaneWidth)width, operation, a, b, c);
        for (var i = 0; i < a.Length; i++)
        {
            var expected = operation switch
            {
                LaneOperation.Copy => a[i],
                LaneOperation.Broadcast => a[i / s_widest * s_widest],
                LaneOperation.Zero => T.Zero,
                LaneOperation.Add => a[i] + b[i],
                LaneOperation.Subtract => a[i] - b[i],
                LaneOperation.Multiply => a[i] * b[i],
                LaneOperation.Divide => a[i] / b[i],
                LaneOperation.Fma => T.FusedMultiplyAdd(a[i], b[i], c[i]),
                LaneOperation.Max => a[i] > b[i] ? a[i] : b[i],
                _ => a[i] < b[i] ? c[i] : a[i],
            };

            // Of two zeros Max may take either.
            var same = T.IsNaN(expected) ? T.IsNaN(actual[i])
                : expected == actual[i] && (operation == LaneOperation.Max || T.IsNegative(expected) == T.IsNegative(actual[i]));
            Assert.True(same, $"{operation}({a[i]:R}, {b[i]:R}, {c[i]:R}) is {actual[i]:R}, expected {expected:R}");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(2, 32)]
    [InlineData(3, 64)]
    public void CountIsTheNumberOfLanesInAVector(int width, int bytes) =>
        Assert.Equal(Math.Max(1, bytes / sizeof(T)), Select<Counter, int>((LaneWidth)width, default));

    [Fact]
    public void TheWidestVectorThatTheProcessorHasKnowsItsRegisters() =>
        Assert.Equal(Avx512F.VL.IsSupported || AdvSimd.IsSupported, Select<RegisterCounter, bool>(LaneWidths.Widest, default));

    [Fact]
    public void LanesAreAddedAndStoredInDoublePrecisionAndNothingElseIsTouched()
    {
        var random = new Random(11);
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            for (var offset = 0; offset < 4; offset++)
            {
                var count = Select<Counter, int>(width, default);
                var values = Enumerable.Range(0, count).Select(_ => T.CreateChecked(random.NextDouble() - 0.5)).ToArray();
                double[] sums = [.. Enumerable.Range(0, offset + count + 1).Select(_ => 1e3 * random.NextDouble())], expected = [.. sums];
                double[] stored = [.. sums], expectedStored = [.. sums];
                for (var i = 0; i < count; i++)
                {
                    expectedStored[offset + i] = double.CreateChecked(values[i]);
                    expected[offset + i] += expectedStored[offset + i];
                }
                fixed (T* source = values)
                fixed (double* destination = sums, wide = stored) Select<Widener, int>(width, new Widener(destination + offset, wide + offset, source));
                Measures.SameBits(expected, sums, width.ToString());
                Measures.SameBits(expectedStored, stored, width.ToString());
            }
        }
    }

    [Fact]
    public void ScaleByPowerOfTwoIsExact()
    {
        double[] mantissas = [1, 1.5, 0.7071067811865476, 1.4142135623730951];
        var x = Enumerable.Range(0, s_widest).Select(i => T.CreateChecked(mantissas[i % 4])).ToArray();
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            for (var n = minExponent + 2; n < -minExponent; n++)
            {
                var scaled = Split(width, x, n, out _);
                for (var i = 0; i < x.Length; i++) Assert.Equal(T.ScaleB(x[i], n), scaled[i]);
            }
        }
    }

    [Fact]
    public void SplitExponentTakesAnyNormalNumberApartWithoutLoss()
    {
        var random = new Random(3);
        var (half, two) = (T.CreateChecked(0.5), T.CreateChecked(2));
        T[] special = [_minNormal, T.MaxValue, T.One, T.BitDecrement(T.One), half, two, s_sqrtHalf, T.BitDecrement(s_sqrtHalf)];
        for (var repeat = 0; repeat < 5000; repeat++)
        {
            var x = Enumerable.Range(0, s_widest).Select(_ => AnyNormal()).ToArray();
            if (repeat == 0) special.CopyTo(x, 0);
            foreach (var width in Enum.GetValues<LaneWidth>())
            {
                var mantissa = Split(width, x, null, out var exponent);
                for (var i = 0; i < x.Length; i++)
                {
                    // sqrt(1/2) of the interval is rounded down by one bit.
                    Assert.InRange(mantissa[i], T.BitDecrement(s_sqrtHalf), T.Sqrt(two));
                    Assert.Equal(x[i], T.ScaleB(mantissa[i], int.CreateChecked(exponent[i])));
                    Assert.Equal(T.Round(exponent[i]), exponent[i]);
                }
            }
        }

        // 0.9999999: a float must not round up to 2.
        T AnyNormal() => T.ScaleB(T.CreateChecked(1 + 0.9999999 * random.NextDouble()), random.Next(minExponent, 2 - minExponent));
    }

    // Select, or its twin for floats.
    private protected abstract TResult Select<TUser, TResult>(LaneWidth width, TUser user)
        where TUser : struct, ILaneUser<T, TResult>;

    private (T[] A, T[] B, T[] C) Inputs()
    {
        var random = new Random(7);
        T[] special =
            [T.Zero, T.NegativeZero, T.One, -T.One, T.Epsilon, -T.Epsilon, _minNormal, T.MaxValue, T.MinValue, T.PositiveInfinity, T.NegativeInfinity,
             T.Pi, T.ScaleB(T.Pi, minExponent + 10), -T.ScaleB(T.Pi, -minExponent - 10)];
        List<(T, T, T)> rows = [];
        foreach (var a in special)
        {
            foreach (var b in special) rows.Add((a, b, special[random.Next(special.Length)]));
        }
        while (rows.Count < 1024) rows.Add((Any(), Any(), Any()));
        return ([.. rows.Select(r => r.Item1)], [.. rows.Select(r => r.Item2)], [.. rows.Select(r => r.Item3)]);

        T Any() => T.CreateChecked((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20)));
    }

    private T[] Apply(LaneWidth width, LaneOperation operation, T[] a, T[] b, T[] c)
    {
        var result = new T[a.Length];
        fixed (T* pa = a, pb = b, pc = c, pr = result) Select<Applied, int>(width, new Applied(operation, a.Length, pa, pb, pc, pr));
        return result;
    }

    private T[] Split(LaneWidth width, T[] x, int? power, out T[] exponent)
    {
        T[] result = [.. x], exponents = new T[x.Length];
        T? shifted = power is { } n ? T.CreateChecked(n) + shift : null;
        fixed (T* values = result, e = exponents) Select<Splitter, int>(width, new Splitter(values, e, shifted));
        exponent = exponents;
        return result;
    }

    private readonly struct Counter : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct => TLanes.Count;
    }

    private readonly struct RegisterCounter : ILaneUser<T, bool>
    {
        public bool With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct => TLanes.HasManyRegisters;
    }

    private readonly struct Widener(double* sums, double* stored, T* values) : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            TLanes.AddTo(sums, TLanes.Load(values));
            TLanes.StoreWide(stored, TLanes.Load(values));
            return 0;
        }
    }

    // One widest vector of values: multiplied by 2^power, or split where there is no power.
    private readonly struct Splitter(T* values, T* exponents, T? shifted) : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            for (var i = 0; i < s_widest; i += TLanes.Count)
            {
                var x = TLanes.Load(values + i);
                TVector exponent;
                if (shifted is { } power) (x, exponent) = (TLanes.ScaleByPowerOfTwo(x, TLanes.Broadcast(power)), TLanes.Zero);
                else x = TLanes.SplitExponent(x, out exponent);
                TLanes.Store(values + i, x);
                TLanes.Store(exponents + i, exponent);
            }
            return 0;
        }
    }

    private readonly struct Applied(LaneOperation operation, int count, T* a, T* b, T* c, T* result) : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            for (var i = 0; i < count; i += TLanes.Count)
            {
                var (x, y, z) = (TLanes.Load(a + i), TLanes.Load(b + i), TLanes.Load(c + i));
                TLanes.Store(result + i, operation switch
                {
                    LaneOperation.Copy => x,
                    LaneOperation.Broadcast => TLanes.Broadcast(a[i / s_widest * s_widest]),
                    LaneOperation.Zero => TLanes.Zero,
                    LaneOperation.Add => TLanes.Add(x, y),
                    LaneOperation.Subtract => TLanes.Subtract(x, y),
                    LaneOperation.Multiply => TLanes.Multiply(x, y),
                    LaneOperation.Divide => TLanes.Divide(x, y),
                    LaneOperation.Fma => TLanes.Fma(x, y, z),
                    LaneOperation.Max => TLanes.Max(x, y),
                    _ => TLanes.SelectLess(x, y, z, x),
                });
            }
            return 0;
        }
    }
}

using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

public enum TileOperation
{
    Load, LoadApart, BroadcastEach, LoadEach, Zero, MinusVector, MinusTile, AddProductOfVector, AddProductOfTile,
}

public class DoubleVectorTileTests : VectorTileTests<double>;

public class FloatVectorTileTests : VectorTileTests<float>;

/// <summary>
/// Compares every operation of a tile of either shape with the same operation on plain numbers. Shapes without registers on this processor are
/// compiled too.
/// </summary>
public abstract unsafe class VectorTileTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Further apart than a vector is long.
    private const int Step = 21;
    private const int Room = 4 * Step;

    public static TheoryData<LaneShape> Shapes() => [.. LaneShape.All];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ATileIsTwoOrFourVectors(LaneShape shape)
    {
        var lanes = Math.Max(1, (8 << shape.Width) / sizeof(T) * (shape.Width == 0 ? 0 : 1));
        var (vectors, count) = Element<T>.Instance.Select<Sizes, (int, int)>(shape, default);
        Assert.Equal(shape.ManyRegisters ? 4 : 2, vectors);
        Assert.Equal(vectors * lanes, count);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryLaneIsThePlainOperation(LaneShape shape)
    {
        var random = new Random(3);
        T[] a = Any(random), b = Any(random), c = Any(random);
        var (vectors, count) = Element<T>.Instance.Select<Sizes, (int Vectors, int Count)>(shape, default);
        var lanes = count / vectors;
        foreach (var operation in Enum.GetValues<TileOperation>())
        {
            var result = new T[Room];
            result.AsSpan().Fill(T.NaN);
            fixed (T* pa = a, pb = b, pc = c, pr = result) Element<T>.Instance.Select<Applied, int>(shape, new Applied(operation, pa, pb, pc, pr));
            for (var v = 0; v < vectors; v++)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    var i = v * lanes + lane;
                    var expected = operation switch
                    {
                        TileOperation.Load => a[i],
                        TileOperation.LoadEach => (v switch { 0 => a, 1 => b, 2 => c, _ => a })[lane],
                        TileOperation.LoadApart => a[v * Step + lane],
                        TileOperation.BroadcastEach => a[v],
                        TileOperation.Zero => T.Zero,
                        TileOperation.MinusVector => a[i] - c[0],
                        TileOperation.MinusTile => a[i] - b[i],
                        TileOperation.AddProductOfVector => T.FusedMultiplyAdd(c[0], b[i], a[i]),
                        _ => T.FusedMultiplyAdd(b[i], c[i], a[i]),
                    };
                    Assert.Equal(expected, result[i]);
                    result[i] = T.NaN;
                }
            }
            Assert.True(Array.TrueForAll(result, T.IsNaN), $"{operation} wrote more than its vectors");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AllVectorsAreStoredInDoublePrecision(LaneShape shape)
    {
        var random = new Random(5);
        var a = Any(random);
        var (vectors, count) = Element<T>.Instance.Select<Sizes, (int Vectors, int Count)>(shape, default);
        var lanes = count / vectors;
        foreach (var step in (int[])[lanes, Step])
        {
            double[] start = [.. Enumerable.Range(0, Room).Select(_ => random.NextDouble())], sums = [.. start], expected = [.. start];
            for (var i = 0; i < count; i++) expected[i / lanes * step + i % lanes] = double.CreateChecked(a[i]);
            fixed (T* pa = a)
            fixed (double* ps = sums) Element<T>.Instance.Select<Widener, int>(shape, new Widener(pa, ps, step));
            Measures.SameBits(expected, sums, $"step {step}");
        }
    }

    private static T[] Any(Random random) =>
        Measures.To<T>([.. Enumerable.Range(0, Room).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 6)))]);

    private readonly struct Sizes : ILaneUser<T, (int, int)>
    {
        public (int, int) With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct => (VectorTile<TLanes, TVector, T>.Vectors, VectorTile<TLanes, TVector, T>.Count);
    }

    private readonly struct Widener(T* values, double* sums, int step) : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            VectorTile<TLanes, TVector, T>.Load(values).StoreWide(sums, step);
            return 0;
        }
    }

    private readonly struct Applied(TileOperation operation, T* a, T* b, T* c, T* result) : ILaneUser<T, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            var x = VectorTile<TLanes, TVector, T>.Load(a);
            var y = VectorTile<TLanes, TVector, T>.Load(b);
            var z = VectorTile<TLanes, TVector, T>.Load(c);
            var first = TLanes.Broadcast(*c);
            var tile = operation switch
            {
                TileOperation.Load => x,
                TileOperation.LoadApart => VectorTile<TLanes, TVector, T>.Load(a, Step),
                TileOperation.LoadEach => VectorTile<TLanes, TVector, T>.Load(a, b, c, a),
                TileOperation.BroadcastEach => VectorTile<TLanes, TVector, T>.BroadcastEach(a),
                TileOperation.Zero => VectorTile<TLanes, TVector, T>.Zero,
                TileOperation.MinusVector => x.Minus(first),
                TileOperation.MinusTile => x.Minus(y),
                _ => x,
            };
            if (operation == TileOperation.AddProductOfVector) tile.AddProduct(first, y);
            if (operation == TileOperation.AddProductOfTile) tile.AddProduct(y, z);
            tile.Store(result);
            return 0;
        }
    }
}

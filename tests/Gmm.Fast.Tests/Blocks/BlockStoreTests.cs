using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Tests.Blocks;

/// <summary>Checks that blocks of few and of very many columns hold the points of their source, however they are read.</summary>
public unsafe class BlockStoreTests
{
    [Theory]
    [InlineData(200, 3)]
    [InlineData(75, 17_000)]
    public void BlocksHoldThePointsOfTheirSource(int count, int dimension)
    {
        var source = new Numbers(count, dimension);
        Loads(source, budget: long.MaxValue, check: true, (block, first) =>
        {
            for (var j = 0; j < dimension; j++)
            {
                for (var p = 0; p < block.Padded; p++)
                    Assert.Equal(source.Value(Math.Min(first + p, first + block.Count - 1), j), block.X[(nint)j * block.Stride + p]);
            }
        });
    }

    [Theory]
    [InlineData(200, 3, 150)]
    [InlineData(75, 17_000, 20)]
    [InlineData(75, 17_000, 74)]
    public void ANumberThatIsNotFiniteIsNamedAtItsPlace(int count, int dimension, int row)
    {
        var source = new Numbers(count, dimension) { WrongRow = row };
        foreach (var budget in (long[])[0, long.MaxValue])
        {
            var failure = Assert.Throws<ArgumentException>(() => Loads(source, budget, check: true, (_, _) => { }));
            Assert.Contains($"rows[{row}, {dimension / 2}] is NaN", failure.Message, StringComparison.Ordinal);
        }
    }

    private static void Loads(PointSource<double> source, long budget, bool check, Action<PointBlock<double>, long> look)
    {
        var shape = BlockShape.For<double>(source.PointCount, source.Dimension);
        using var store = new BlockStore<double>(source, shape, budget, isWeighted: false);
        using var memory = new AlignedBuffer<double>(Workspace<double>.Length(shape.BlockPoints, source.Dimension, 1));
        var room = new Workspace<double>(memory.Pointer, shape.BlockPoints, source.Dimension, 1).Room;
        for (var twice = 0; twice < 2; twice++)
        {
            for (long number = 0; number < shape.Blocks; number++) look(store.Load(number, room, check), number * shape.BlockPoints);
        }
    }

    // Numbers that are made as they are read, so that no block is a view of them.
    private sealed class Numbers(int count, int dimension) : PointSource<double>
    {
        public override long PointCount => count;

        public override int Dimension => dimension;

        public int WrongRow { get; init; } = -1;

        public double Value(long row, int column) => row == WrongRow && column == dimension / 2 ? double.NaN : row + column / 65536.0;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < dimension; j++) scratch[i * dimension + j] = Value(first + i, j);
            }
            return scratch[..(count * dimension)];
        }
    }
}

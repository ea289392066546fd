using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Tests.Blocks;

/// <summary>Checks that rows become columns, padded with the last row, and that no number is written behind them.</summary>
public unsafe class BlockPackerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void EveryCountIsTransposedAndPaddedWithItsLastRow(int columns)
    {
        Packs<double>(columns, multiple: 32);
        Packs<float>(columns, multiple: 64);
    }

    private static void Packs<T>(int columns, int multiple)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Stride = 200;
        using var target = new AlignedBuffer<T>(columns * Stride + 1);
        for (var count = 1; count <= 130; count++)
        {
            var rows = Enumerable.Range(0, count * columns).Select(i => T.CreateChecked(i + 0.5)).ToArray();
            target.Span.Fill(T.NaN);
            var padded = BlockShape.Pad<T>(count);
            var block = BlockPacker.Pack<T>(rows, columns, target.Pointer, Stride, padded);
            Assert.Equal((Stride, columns, count, padded), (block.Stride, block.Columns, block.Count, block.Padded));
            Assert.True(block.X == target.Pointer);
            Assert.True(padded % multiple == 0 && padded >= count && padded < count + multiple);
            for (var j = 0; j < columns; j++)
            {
                for (var i = 0; i < padded; i++) Assert.Equal(rows[Math.Min(i, count - 1) * columns + j], block.X[j * Stride + i]);
                Assert.True(T.IsNaN(block.X[j * Stride + padded]), "written behind the padding");
            }
        }
    }
}

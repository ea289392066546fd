namespace Gmm.Fast.Tests.Blocks;

/// <summary>Checks points in the rows of a matrix, with and without gaps between them.</summary>
public unsafe class MemoryPointsTests
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 7)]
    [InlineData(1, 4)]
    public void RowsComeOutDenseWhateverThePitch(int columns, int pitch)
    {
        var matrix = Enumerable.Range(0, 20 * pitch).Select(i => (double)i).ToArray();
        fixed (double* origin = matrix)
        {
            var source = new MemoryPoints<double>(origin, 20, columns, pitch);
            Assert.Equal((20, columns), (source.PointCount, source.Dimension));
            var scratch = new double[20 * columns];
            for (var first = 0; first < 20; first++)
            {
                for (var count = 1; first + count <= 20; count++)
                {
                    var rows = source.Read(first, count, scratch).ToArray();
                    Assert.Equal(Enumerable.Range(0, count * columns).Select(i => (double)((first + i / columns) * pitch + i % columns)), rows);
                }
            }
        }
    }

    [Fact]
    public void DenseRowsAreNotCopied()
    {
        var matrix = new double[12];
        fixed (double* origin = matrix)
        {
            var rows = new MemoryPoints<double>(origin, 4, 3, 3).Read(1, 2, new double[6]);
            Assert.True(rows.Overlaps(matrix, out var offset) && offset == -3);
        }
    }
}

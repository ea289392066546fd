using Gmm.Fast.Data;

namespace Gmm.Fast.Em;

/// <summary>The memory that one worker needs for one block of points, laid out over memory that the caller owns.</summary>
internal readonly unsafe struct Workspace
{
    private readonly double* _rowScratch;
    private readonly int _columns;

    /// <param name="memory">Room for <see cref="Length"/> numbers.</param>
    /// <param name="rows">Points per block, a multiple of the padding; also the stride of every column.</param>
    /// <param name="columns">D.</param>
    /// <param name="components">K.</param>
    public Workspace(double* memory, int rows, int columns, int components)
    {
        Points = rows;
        _columns = columns;
        X = memory;
        Scratch = X + (nint)rows * columns;
        Joint = Scratch + 2 * (nint)rows * columns;
        LogDensities = Joint + (nint)rows * components;
        _rowScratch = LogDensities + rows;
    }

    /// <summary>Points per block.</summary>
    public int Points { get; }

    /// <summary>[D x Points]: the packed block.</summary>
    public double* X { get; }

    /// <summary>2 x [D x Points]: deviations, and deviations times responsibilities.</summary>
    public double* Scratch { get; }

    /// <summary>[K x Points]: distances, then responsibilities.</summary>
    public double* Joint { get; }

    /// <summary>[Points].</summary>
    public double* LogDensities { get; }

    /// <summary>[Points x D]: for sources that have no row-major memory of their own.</summary>
    public Span<double> RowScratch => new(_rowScratch, checked(Points * _columns));

    /// <summary>Numbers needed: the block, twice the block, the responsibilities, the log-densities, the rows.</summary>
    public static long Length(int rows, int columns, int components) => rows * (4L * columns + components + 1);

    /// <summary>Packs rows [count x D] into <see cref="X"/>, padded to a multiple of <paramref name="pointMultiple"/>.</summary>
    public ColumnBlock<double> Pack(ReadOnlySpan<double> rows, int pointMultiple)
    {
        var count = rows.Length / _columns;
        return BlockPacker.Pack(rows, _columns, X, Points, (count + pointMultiple - 1) / pointMultiple * pointMultiple);
    }
}

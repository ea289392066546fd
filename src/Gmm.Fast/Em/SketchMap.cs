using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Linalg;

namespace Gmm.Fast.Em;

/// <summary>
/// Maps points x to short sketches y(x) in floats whose distances are never larger than those of the points. With V the q directions of largest
/// variance, all of length 1 and orthogonal,
///   y(x) = scale [V (x - m), |x - m - V^T V (x - m)|],   |y(x) - y(c)| &lt;= scale |x - c|
/// since the norm of the rest is within a distance of the rest (triangle inequality). Where few directions do not hold most of the variance, the
/// sketch is scale (x - m). Coordinates are clamped to a box, which brings no two points farther apart.
/// A center at a distance of more than u from a point has a sketch beyond <see cref="Limit"/>, and no other kernel need look at it:
/// what floats round is at most <see cref="Rounding"/> of |x - m| and of |c - m| &lt;= |x - m| + u (Higham, Accuracy and Stability of Numerical
/// Algorithms, 2nd edition, section 3.1).
/// </summary>
internal sealed unsafe class SketchMap
{
    // Points that tell the directions.
    private const int SampledPoints = 2048;

    // Below the least, sketches are as long as points; above the most, finding directions would cost too much.
    private const int LeastDimension = 24;
    private const int MostDimension = 160;

    // Directions whose variance is above this part of what remains of it within clusters, and the longest sketch that is worth its directions, as a
    // part of D.
    private const double LeastVariance = 0.25;
    private const double LongestSketch = 0.6;

    private const double Box = 4;

    // Several times what a float rounds, for the doubles before it too.
    private const double Rounding = 1.0 / (1 << 22);
    private const double DoubleRounding = 1.0 / (1L << 50);

    // The smallest float whose digits are whole: squares may vanish below it.
    private const double NormalFloat = 1.2e-38;

    // The radius in whose range squares and scales are normal doubles.
    private const double Smallest = 1e-140;
    private const double Largest = 1e140;

    private readonly double[] _origin;
    private readonly double[] _directions;
    private readonly int _count;
    private readonly double _scale;
    private readonly double _growth;
    private readonly double _underflow;

    private SketchMap(double[] origin, double[] directions, double scale)
    {
        (_origin, _directions, _count, _scale) = (origin, directions, directions.Length / origin.Length, scale);
        Columns = _count == 0 ? origin.Length : _count + 1;
        _growth = 1 + (Columns + 8) * Rounding;
        _underflow = origin.Length * double.ScaleB(1, -1070);
    }

    /// <summary>D.</summary>
    public int Dimension => _origin.Length;

    /// <summary>Numbers of a sketch.</summary>
    public int Columns { get; }

    /// <summary>Finds a map for some points; null where their numbers leave the range in which it is certain.</summary>
    /// <param name="points">The points.</param>
    /// <param name="components">K, the number of centers.</param>
    public static SketchMap? Of(BlockStore<double> points, int components)
    {
        var (dimension, count) = (points.Dimension, (int)Math.Min(points.PointCount, SampledPoints));
        var rows = new double[count * dimension];
        for (var i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * dimension, dimension);
            points.Point(i * points.PointCount / count, row).CopyTo(row);
        }
        var origin = new double[dimension];
        for (var i = 0; i < rows.Length; i++) origin[i % dimension] += rows[i] / count;
        for (var i = 0; i < rows.Length; i++) rows[i] -= origin[i % dimension];
        double radius = 0;
        for (var i = 0; i < count; i++) radius = Math.Max(radius, TensorPrimitives.Norm<double>(rows.AsSpan(i * dimension, dimension)));
        if (!(radius > Smallest && radius < Largest)) return null;
        return new SketchMap(origin, Directions(rows, dimension, components), double.ScaleB(1, -Math.ILogB(radius)));
    }

    /// <summary>Writes the sketches of the points of a block, tile by tile; those behind the last repeat it, up to a whole tile.</summary>
    /// <param name="block">The points.</param>
    /// <param name="into">[tiles x Columns x points of a tile], receives the sketches.</param>
    /// <param name="slacks">[tiles x points of a tile], receives what rounding may take from the distances of each point.</param>
    /// <param name="scratch">[2 x D x stride of the block].</param>
    public void Write(in PointBlock<double> block, float* into, float* slacks, double* scratch)
    {
        var (count, padded) = (block.Count, BlockShape.Pad<float>(block.Count));
        nint step = block.Stride;
        double* deviations = scratch, sums = scratch + Dimension * step;
        new Span<double>(sums, count).Clear();
        for (var j = 0; j < Dimension; j++)
        {
            var column = Column(deviations, j);
            TensorPrimitives.Subtract(new ReadOnlySpan<double>(block.X + j * step, count), _origin[j], column);
            TensorPrimitives.Multiply(column, _scale, column);
            AddSquares(column, new Span<double>(sums, count));
        }
        for (var p = 0; p < count; p++) slacks[p] = (float)(2 * Rounding * Math.Sqrt(sums[p]));
        for (var a = 0; a < _count; a++)
        {
            var product = Column(sums, a);
            product.Clear();
            for (var j = 0; j < Dimension; j++) TensorPrimitives.MultiplyAdd(Column(deviations, j), _directions[a * Dimension + j], product, product);
            Store(product, a);
        }
        if (_count == 0)
        {
            for (var j = 0; j < Dimension; j++) Store(Column(deviations, j), j);
        }
        else
        {
            for (var j = 0; j < Dimension; j++)
            {
                var rest = Column(deviations, j);
                for (var a = 0; a < _count; a++) TensorPrimitives.MultiplyAdd(Column(sums, a), -_directions[a * Dimension + j], rest, rest);
            }
            var squares = Column(sums, 0);
            squares.Clear();
            for (var j = 0; j < Dimension; j++) AddSquares(Column(deviations, j), squares);
            TensorPrimitives.Sqrt(squares, squares);
            Store(squares, _count);
        }
        new Span<float>(slacks + count, padded - count).Fill(slacks[count - 1]);

        Span<double> Column(double* columns, nint j) => new(columns + j * step, count);

        void Store(Span<double> values, nint column)
        {
            TensorPrimitives.Min(values, Box, values);
            TensorPrimitives.Max(values, -Box, values);
            var tile = BlockShape.TileOf<float>();
            for (var first = 0; first < count; first += tile)
            {
                var part = values[first..Math.Min(first + tile, count)];
                var to = new Span<float>(into + (nint)first * Columns + column * tile, tile);
                TensorPrimitives.ConvertTruncating(part, to);
                to[part.Length..].Fill(to[part.Length - 1]);
            }
        }
    }

    /// <summary>Writes the sketches <paramref name="into"/> [K x Columns] of <paramref name="centers"/> [K x D].</summary>
    public void Write(ReadOnlySpan<double> centers, float* into)
    {
        var deviation = new double[Dimension];
        var products = new double[_count];
        for (var at = 0; at < centers.Length; at += Dimension, into += Columns)
        {
            TensorPrimitives.Subtract(centers.Slice(at, Dimension), _origin, deviation);
            TensorPrimitives.Multiply(deviation, _scale, deviation);
            if (_count == 0)
            {
                for (var j = 0; j < Dimension; j++) into[j] = Clamp(deviation[j]);
                continue;
            }
            for (var a = 0; a < _count; a++) into[a] = Clamp(products[a] = TensorPrimitives.Dot<double>(deviation, Direction(a)));
            for (var a = 0; a < _count; a++) TensorPrimitives.MultiplyAdd(Direction(a), -products[a], deviation, deviation);
            into[_count] = Clamp(TensorPrimitives.Norm<double>(deviation));
        }
    }

    /// <summary>
    /// Gives the squared distance of sketches from which on a center is farther from a point than another one, whatever kernels round.
    /// </summary>
    /// <param name="square">The squared distance from that one, as a kernel computes it.</param>
    /// <param name="slack">The slack of the point.</param>
    public float Limit(double square, float slack)
    {
        var distance = Math.Sqrt(square * (1 + Dimension * DoubleRounding) + _underflow) * _scale * (1 + Rounding) + slack;
        return (float)(distance * distance * _growth + NormalFloat);
    }

    private ReadOnlySpan<double> Direction(int a) => _directions.AsSpan(a * Dimension, Dimension);

    private static float Clamp(double value) => (float)Math.Clamp(value, -Box, Box);

    private static void AddSquares(ReadOnlySpan<double> values, Span<double> sums) => TensorPrimitives.MultiplyAdd(values, values, sums, sums);

    // Gives the directions [q x D] of largest variance of deviations [n x D]; none where few do not tell clusters apart.
    private static double[] Directions(double[] rows, int dimension, int components)
    {
        if (dimension is < LeastDimension or > MostDimension) return [];
        var covariance = new double[dimension * dimension];
        for (var at = 0; at < rows.Length; at += dimension)
        {
            var row = rows.AsSpan(at, dimension);
            for (var j = 0; j < dimension; j++)
            {
                var to = covariance.AsSpan(j * dimension, dimension);
                TensorPrimitives.MultiplyAdd(row, row[j], to, to);
            }
        }
        var vectors = new double[covariance.Length];
        SymmetricEigenvectors.Decompose(covariance, dimension, vectors);
        int[] order = [.. Enumerable.Range(0, dimension).OrderByDescending(j => covariance[j * (dimension + 1)])];
        double[] variances = [.. order.Select(j => covariance[j * (dimension + 1)])];
        var within = Within(variances, Math.Log(components));
        var count = variances.Count(variance => variance > LeastVariance * within);
        if (!(count + 1 <= LongestSketch * dimension)) return [];
        return [.. order.Take(count).SelectMany(j => vectors[(j * dimension)..((j + 1) * dimension)])];
    }

    // Gives the variance within the best K clusters in those directions where it is less than that of all points: v with the sum over larger variances
    // of 1/2 ln(variance / v) = ln K, as for a normal distribution (Cover and Thomas, Elements of Information Theory, 2nd edition, theorem 10.3.3).
    private static double Within(double[] descending, double rate)
    {
        double logs = 0, within = 0;
        for (var q = 0; q < descending.Length; q++)
        {
            logs += Math.Log(descending[q]);
            within = Math.Exp((logs - 2 * rate) / (q + 1));
            if (q + 1 < descending.Length && within > descending[q + 1]) break;
        }
        return within;
    }
}

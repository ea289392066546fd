using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Completes the moments of points of one pattern, which has present dimensions o and missing ones m, under the mixture of the E-step (Little and
/// Rubin, Statistical Analysis with Missing Data, chapters 8 and 11; Ghahramani and Jordan, NIPS 6, 1994). Given x_o, the missing part is normal:
///   E[x_m] = mu_m + B (x_o - mu_o),  Cov[x_m] = C,  B = Sigma_mo Sigma_oo^-1,  C = Sigma_mm - B Sigma_om
/// Its deviation from the center c of the moments has the mean e + B d_o, with e = (mu_m - c_m) - B (mu_o - c_o), which is 0 where c is mu. So from
/// N, F_o = sum r d_o and S_oo = sum r d_o d_o^T follow the expectations of all sums, once per pattern and component:
///   F_m = N e + B F_o,  S_mo = e F_o^T + B S_oo,  S_mm = N (e e^T + C) + e (B F_o)^T + (B F_o) e^T + B S_oo B^T
/// Without off-diagonal entries B is 0 and C the diagonal of the missing dimensions.
/// </summary>
/// <param name="order">[D]: the present dimensions, ascending, then the missing ones.</param>
/// <param name="present">The number of present dimensions.</param>
/// <param name="regression">[m x o]: B; empty where it is 0.</param>
/// <param name="residual">The kept part of C, in the layout of second moments of m dimensions.</param>
/// <param name="offset">[m]: e.</param>
/// <param name="places">[D(D+1)/2], written by <see cref="FindPlaces"/>; not used where B is 0.</param>
/// <param name="room">[<see cref="RoomLength"/>], scratch; not used where B is 0.</param>
internal readonly unsafe ref struct GapCompletion(
    ReadOnlySpan<int> order, int present, ReadOnlySpan<double> regression, ReadOnlySpan<double> residual, ReadOnlySpan<double> offset,
    ReadOnlySpan<int> places, Span<double> room)
{
    private readonly ReadOnlySpan<int> _order = order;
    private readonly ReadOnlySpan<double> _regression = regression;
    private readonly ReadOnlySpan<double> _residual = residual;
    private readonly ReadOnlySpan<double> _offset = offset;
    private readonly ReadOnlySpan<int> _places = places;
    private readonly Span<double> _room = room;

    private ReadOnlySpan<int> Present => _order[..present];

    private ReadOnlySpan<int> Missing => _order[present..];

    /// <summary>Counts the numbers of scratch for any pattern of D dimensions.</summary>
    public static int RoomLength(int dimension) => checked(dimension * (2 * dimension + 1));

    /// <summary>
    /// Writes the places in the triangle of all dimensions: of the triangle of the present ones, then for each missing one those of its row, first
    /// beside the present dimensions, then beside the missing ones up to it.
    /// </summary>
    /// <param name="order">[D]: the present dimensions, ascending, then the missing ones.</param>
    /// <param name="present">The number of present dimensions.</param>
    /// <param name="places">[D(D+1)/2], receives the places.</param>
    public static void FindPlaces(ReadOnlySpan<int> order, int present, Span<int> places)
    {
        var at = 0;
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = 0; j <= i; j++) places[at++] = order[i] > order[j] ? PackedLower.Index(order[i], order[j]) : PackedLower.Index(order[j], order[i]);
        }
    }

    /// <summary>Adds N, F and the triangles of second moments.</summary>
    /// <param name="sums">[1 + D + D(D+1)/2], receives the completed sums.</param>
    /// <param name="part">[1 + o + o(o+1)/2]: the sums of the present dimensions.</param>
    public void AddTriangle(Span<double> sums, ReadOnlySpan<double> part)
    {
        int o = present, m = Missing.Length, d = _order.Length;
        var count = part[0];
        sums[0] += count;
        for (var i = 0; i < o; i++) sums[1 + Present[i]] += part[1 + i];
        fixed (double* sum = sums, given = part, room = _room, regression = _regression, residual = _residual, offset = _offset)
        fixed (int* allPlaces = _places)
        {
            // The square of S_oo, then B F_o and one row of B S_oo.
            double* second = sum + 1 + d, first = given + 1, square = room, mean = room + o * o, row = mean + m, next = given + 1 + o;
            var place = allPlaces;
            for (var i = 0; i < o; i++)
            {
                for (var j = 0; j <= i; j++, next++)
                {
                    square[i * o + j] = square[j * o + i] = *next;
                    second[*place++] += *next;
                }
            }
            for (var i = 0; i < m; i++)
            {
                var b = regression + i * o;
                new Span<double>(row, o).Clear();
                for (var p = 0; p < o; p++) DenseRows.AddMultiple(b[p], square + p * o, row, o);
                mean[i] = DenseRows.Dot(b, first, o);
                sum[1 + Missing[i]] += count * offset[i] + mean[i];
                for (var j = 0; j < o; j++) second[*place++] += offset[i] * first[j] + row[j];
                var left = residual + PackedLower.Index(i, 0);
                for (var l = 0; l <= i; l++)
                {
                    second[*place++] += count * (offset[i] * offset[l] + left[l]) + offset[i] * mean[l] + mean[i] * offset[l]
                        + DenseRows.Dot(row, regression + l * o, o);
                }
            }
        }
    }

    /// <summary>Adds N, F and the diagonals of second moments, where B is 0.</summary>
    /// <param name="sums">[1 + D + D], receives the completed sums.</param>
    /// <param name="part">[1 + o + o]: the sums of the present dimensions.</param>
    public void AddDiagonal(Span<double> sums, ReadOnlySpan<double> part)
    {
        var (d, count) = (_order.Length, part[0]);
        sums[0] += count;
        for (var i = 0; i < present; i++)
        {
            sums[1 + Present[i]] += part[1 + i];
            sums[1 + d + Present[i]] += part[1 + present + i];
        }
        for (var i = 0; i < _offset.Length; i++)
        {
            sums[1 + Missing[i]] += count * _offset[i];
            sums[1 + d + Missing[i]] += count * (_offset[i] * _offset[i] + _residual[i]);
        }
    }

    /// <summary>Adds N, F and the traces of second moments, where B is 0.</summary>
    /// <param name="sums">[1 + D + 1], receives the completed sums.</param>
    /// <param name="part">[1 + o + 1]: the sums of the present dimensions.</param>
    public void AddTrace(Span<double> sums, ReadOnlySpan<double> part)
    {
        var (d, count) = (_order.Length, part[0]);
        sums[0] += count;
        for (var i = 0; i < present; i++) sums[1 + Present[i]] += part[1 + i];
        var trace = _residual[0];
        for (var i = 0; i < _offset.Length; i++)
        {
            sums[1 + Missing[i]] += count * _offset[i];
            trace += _offset[i] * _offset[i];
        }
        sums[1 + d] += part[1 + present] + count * trace;
    }
}

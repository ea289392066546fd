using System.Buffers;
using Gmm.Fast.Linalg;

namespace Gmm.Fast.Families;

/// <summary>
/// Holds the smallest variances that a component may have. Of all covariances with F^(-1/2) Sigma F^(-1/2) of eigenvalues at least 1, F the floor on
/// the diagonal, the most likely is the estimate with its smaller eigenvalues set to 1 (Ingrassia and Rocci, CSDA 51, 2007, section 3), so the
/// log-likelihood of such fits still never falls.
/// </summary>
/// <param name="variances">[D], at least 0; nothing is done where one is 0.</param>
internal sealed class VarianceFloor(double[] variances)
{
    private readonly double[] _roots = Array.ConvertAll(variances, Math.Sqrt);
    private readonly bool _hasZero = variances.Contains(0);

    /// <summary>D.</summary>
    public int Dimension => variances.Length;

    /// <summary>[D].</summary>
    public ReadOnlySpan<double> Variances => variances;

    /// <summary>The mean of the variances: the floor of one that is an average over the dimensions.</summary>
    public double MeanVariance { get; } = variances.Sum() / variances.Length;

    /// <summary>Raises the eigenvalues of a matrix [D x D], relative to the floor; nothing where a variance of the floor is 0, or once canceled.</summary>
    public void RaiseMatrix(Span<double> covariance, MatrixTeam team)
    {
        if (_hasZero) return;
        var n = _roots.Length;
        double[] rentedScaled = ArrayPool<double>.Shared.Rent(n * n), rentedRoom = ArrayPool<double>.Shared.Rent(n * n);
        Raise(covariance, rentedScaled.AsSpan(0, n * n), rentedRoom.AsSpan(0, n * n), team);
        ArrayPool<double>.Shared.Return(rentedScaled);
        ArrayPool<double>.Shared.Return(rentedRoom);
    }

    // scaled, room [D x D].
    private void Raise(Span<double> covariance, Span<double> scaled, Span<double> room, MatrixTeam team)
    {
        var n = _roots.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) room[i * n + j] = scaled[i * n + j] = covariance[i * n + j] / _roots[i] / _roots[j];
            room[i * n + i] -= 1;
        }

        // Nearly all estimates are large enough, and a factorization tells it at the price of one.
        if (Cholesky.TryFactor(room, n, out _, out _)) return;
        if (!SymmetricEigenvectors.Decompose(scaled, n, room, team)) return;
        covariance.Clear();
        for (var e = 0; e < n; e++)
        {
            var value = Math.Max(1, scaled[e * n + e]);
            var vector = room.Slice(e * n, n);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++) covariance[i * n + j] += value * (vector[i] * _roots[i]) * (vector[j] * _roots[j]);
            }
        }
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++) covariance[j * n + i] = covariance[i * n + j];
        }
    }
}

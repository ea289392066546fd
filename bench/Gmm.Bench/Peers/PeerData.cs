using System.Runtime.InteropServices;
using Gmm.Data;

namespace Gmm.Bench.Peers;

/// <summary>The points and the start that all systems of a comparison get.</summary>
/// <param name="Rows">[Points x D].</param>
/// <param name="Start">Weights, means and covariances of the folder.</param>
internal sealed record PeerData(double[] Rows, GaussianMixture Start)
{
    public int Points => Rows.Length / Start.Dimension;

    /// <summary>Reads X.npy [N x D] and the start of the same folder.</summary>
    public static PeerData Read(string folder, CovarianceType type) => new(Table(folder, "X.npy").Values, ReadStart(folder, type));

    /// <summary>Reads w0.npy [K], mu0.npy [K x D] and cov0.npy [K x D x D] or [K x D].</summary>
    public static GaussianMixture ReadStart(string folder, CovarianceType type)
    {
        var means = Table(folder, "mu0.npy");
        var length = type == CovarianceType.Full ? means.Values.Length * means.Columns : means.Values.Length;

        // Three dimensions are more than a table has; the numbers are the last of the file.
        var bytes = File.ReadAllBytes(Path.Combine(folder, "cov0.npy")).AsSpan()[^(length * sizeof(double))..];
        return new GaussianMixture(type, means.Columns, Table(folder, "w0.npy").Values, means.Values, MemoryMarshal.Cast<byte, double>(bytes));
    }

    public ReadOnlySpan<double> Point(int i) => Rows.AsSpan(i * Start.Dimension, Start.Dimension);

    public FitResult Fit(FitOptions options) => MixtureFit.Fit(new Points(Rows, Start.Dimension), options);

    private static NumericTable Table(string folder, string name) => TableFile.Read(Path.Combine(folder, name));
}

using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;

namespace Gmm.Fast.Model;

/// <summary>Finds the extreme eigenvalues of a mixture's covariances.</summary>
internal static class Spectra
{
    /// <summary>
    /// Gives the smallest and the largest eigenvalue of every matrix. Those of large ones are estimates, which cost less than an iteration of EM:
    /// see <see cref="Families.Family.EstimateExtreme"/>. They have the same bits for any number of threads.
    /// </summary>
    /// <param name="mixture">A factored mixture.</param>
    /// <param name="threads">Threads at most.</param>
    public static (double Smallest, double Largest)[] Of(Factored mixture, int threads)
    {
        var (parameters, family, dimension) = (mixture.Parameters, mixture.Family, mixture.Dimension);
        var spectra = new (double Smallest, double Largest)[parameters.Matrices];
        using var team = new WorkTeam(threads);
        if (!family.IsEstimated(dimension))
        {
            new MatrixTeam(team, default).For(
                spectra.Length, (matrix, _) => spectra[matrix] = family.Spectrum(parameters.CovarianceOf(matrix), dimension));
            return spectra;
        }
        new MatrixTeam(team, default).For(2 * spectra.Length, (part, _) =>
        {
            var matrix = part / 2;
            var extreme = family.EstimateExtreme(parameters.CovarianceOf(matrix), dimension, mixture.Factor(matrix), largest: part % 2 == 0);
            if (part % 2 == 0) spectra[matrix].Largest = extreme;
            else spectra[matrix].Smallest = extreme;
        });
        return spectra;
    }
}

using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;

namespace Gmm.Fast.Model;

/// <summary>Describes a covariance by its extremes.</summary>
/// <param name="Smallest">Its smallest eigenvalue.</param>
/// <param name="Largest">Its largest eigenvalue.</param>
/// <param name="RidgeShare">The part of its variance that is regularization where that is the largest part, from 0 to 1.</param>
internal readonly record struct Spectrum(double Smallest, double Largest, double RidgeShare);

/// <summary>Finds the extremes of a mixture's covariances.</summary>
internal static class Spectra
{
    // Each extreme of an estimated matrix is a task of its own.
    private const int Extremes = 3;

    /// <summary>
    /// Gives the extremes of every matrix. Those of large ones are estimates, which cost less than an iteration of EM: see
    /// <see cref="Family.EstimateExtreme"/>. They have the same bits for any number of threads.
    /// </summary>
    /// <param name="mixture">A factored mixture.</param>
    /// <param name="ridge">What regularization added.</param>
    /// <param name="threads">Threads at most.</param>
    public static Spectrum[] Of(Factored mixture, Ridge ridge, int threads)
    {
        var (parameters, family, dimension) = (mixture.Parameters, mixture.Family, mixture.Dimension);
        var spectra = new Spectrum[parameters.Matrices];
        using var team = new WorkTeam(threads);
        if (!family.IsEstimated(dimension))
        {
            new MatrixTeam(team, default).For(spectra.Length, (matrix, _) =>
            {
                var (smallest, largest) = family.Spectrum(parameters.CovarianceOf(matrix), dimension);
                var share = Share(ridge, () => family.RidgeShare(parameters.CovarianceOf(matrix), dimension, smallest, ridge));
                spectra[matrix] = new Spectrum(smallest, largest, share);
            });
            return spectra;
        }
        var extremes = new double[Extremes * spectra.Length];
        new MatrixTeam(team, default).For(extremes.Length, (part, _) =>
        {
            var (matrix, extreme) = Math.DivRem(part, Extremes);
            extremes[part] = extreme switch
            {
                < 2 => family.EstimateExtreme(parameters.CovarianceOf(matrix), dimension, mixture.Factor(matrix), largest: extreme == 1),
                _ when ridge.IsUniform => 0,
                _ => family.EstimateRidgeShare(dimension, mixture.Factor(matrix), ridge),
            };
        });
        for (var matrix = 0; matrix < spectra.Length; matrix++)
        {
            var (smallest, largest, share) = (extremes[Extremes * matrix], extremes[Extremes * matrix + 1], extremes[Extremes * matrix + 2]);
            spectra[matrix] = new Spectrum(smallest, largest, Share(ridge, () => ridge.IsUniform ? ridge.Columns[0] / smallest : share));
        }
        return spectra;
    }

    private static double Share(Ridge ridge, Func<double> share) => ridge.IsZero ? 0 : Math.Clamp(share(), 0, 1);
}

using Gmm.Fast.Em;

namespace Gmm.Fast.Starts;

/// <summary>
/// Compares short runs. The log-likelihood alone favors components that collapse on a few points, or on a line or plane of them. So a run with fewer
/// components that its points do not support is better. Then the log-likelihood decides, less what each component gains by adapting to its own points:
///   p n / (n - q), n its effective count, p its free numbers, q = 2 p' / D + 1, p' those of its covariance.
/// That is the corrected information criterion of Hurvich and Tsai (Biometrika 76, 1989; for several dimensions Bedrick and Tsai, Biometrics 50, 1994),
/// taken component by component. It is without units, and where components have many points it is the same for all runs.
/// </summary>
/// <param name="Unsupported">Components of at most q points, components thin in some direction, and recoveries from a collapse.</param>
/// <param name="Value">The corrected log-likelihood.</param>
internal readonly record struct StartScore(int Unsupported, double Value) : IComparable<StartScore>
{
    // Least variance in the sum of those of all directions, relative to the mean covariance of the components: thinner ones lie on a line or plane of
    // repeated values.
    private const double Thinnest = 1e-6;

    /// <summary>Scores a run on a number of points.</summary>
    public static StartScore Of(EmOutcome outcome, int points)
    {
        var parameters = outcome.Mixture.Parameters;
        var (family, dimension) = (parameters.Family, parameters.Dimension);
        var scale = points / outcome.TotalWeight;
        var (unsupported, value) = (outcome.Recoveries.Length, outcome.Trace[^1] * scale);
        if (parameters.IsShared) return new StartScore(unsupported, value);

        var mean = new double[parameters.CovarianceOf(0).Length];
        for (var k = 0; k < parameters.Components; k++)
        {
            var covariance = parameters.CovarianceOf(k);
            for (var i = 0; i < mean.Length; i++) mean[i] += parameters.Weights[k] * covariance[i];
        }
        double free = family.FreeNumbers(dimension), least = 2 * free / dimension + 1;
        for (var k = 0; k < parameters.Components; k++)
        {
            var count = outcome.EffectiveCounts[k] * scale;
            if (!(count > least) || family.IsThin(parameters.CovarianceOf(k), mean, dimension, Thinnest)) unsupported++;
            else value -= (free + dimension) * count / (count - least);
        }
        return new StartScore(unsupported, value);
    }

    public int CompareTo(StartScore other) =>
        Unsupported != other.Unsupported ? other.Unsupported.CompareTo(Unsupported) : Value.CompareTo(other.Value);
}

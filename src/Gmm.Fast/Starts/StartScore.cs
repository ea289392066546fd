using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Compares short runs. The log-likelihood alone favors components that collapse on a few points, or on a line or plane of them. So a run with fewer
/// components that its points do not support is better. Then the log-likelihood decides, less what each component gains by adapting to its own points:
///   p n / (n - q), n its effective count, p its free numbers, q = 2 p' / D + 1, p' those of its covariance.
/// That is the corrected information criterion of Hurvich and Tsai (Biometrika 76, 1989; for several dimensions Bedrick and Tsai, Biometrics 50, 1994),
/// taken component by component. It is without units, and where components have many points it is the same for all runs.
/// </summary>
/// <param name="Unsupported">
/// Components of at most q points; of one point where they share a covariance and points are few; components thin in some direction, unless so many points
/// are so by no chance; with a single value in a direction; and recoveries from a collapse. All, where two are the same.
/// </param>
/// <param name="Value">The corrected log-likelihood.</param>
internal readonly record struct StartScore(int Unsupported, double Value) : IComparable<StartScore>
{
    // Least variance in the sum of those of all directions, relative to the mean covariance of the components: thinner ones lie on a line or plane of
    // repeated values.
    private const double Thinnest = 1e-6;

    // Of q: so many points of a thin component are no accident.
    private const double FewestOfThin = 5;

    // The largest part of the least variance of a thin component that may be regularization.
    private const double LargestShareOfThin = 0.1;

    // A component of no more has one point, which the shared covariance keeps from collapsing. Of so many points for each free parameter it is an outlier,
    // whose own component the likelihood rightly wants; of fewer, another way to fit noise.
    private const double OnePoint = 1.5;
    private const double AmplePoints = 2;

    // A variance of fewer regularizations than this is one of a single value, which regularization holds; where that is large beside the variance of all
    // points, one that is no larger but for the thinnest.
    private const double LeastRidges = 2;

    /// <summary>Tells whether a number of points can support as many components.</summary>
    public static bool CanSupport(Family family, int components, int dimension, int points) =>
        points > (family.IsShared ? dimension + components : components * Least(family, dimension));

    /// <summary>Scores a run on a number of points.</summary>
    /// <param name="outcome">The run.</param>
    /// <param name="points">The points of the sample.</param>
    /// <param name="request">The options of the fit.</param>
    public static StartScore Of(EmOutcome outcome, long points, StartRequest request)
    {
        var parameters = outcome.Mixture.Parameters;
        var (family, dimension) = (parameters.Family, parameters.Dimension);
        var scale = points / outcome.TotalWeight;
        var (unsupported, value) = (outcome.Recoveries.Length, outcome.Trace[^1] * scale);
        if (EqualComponents.Any(parameters)) unsupported += parameters.Components;
        if (parameters.IsShared)
        {
            if (HasSingleValue(parameters, 0, request)) unsupported += parameters.Components;
            var isAmple = points > AmplePoints * Parameters.CountFree(family, parameters.Components, dimension);
            foreach (var count in outcome.EffectiveCounts) unsupported += !isAmple && count * scale <= OnePoint ? 1 : 0;
            return new StartScore(unsupported, value);
        }

        var mean = new double[parameters.CovarianceOf(0).Length];
        for (var k = 0; k < parameters.Components; k++)
        {
            var covariance = parameters.CovarianceOf(k);
            for (var i = 0; i < mean.Length; i++) mean[i] += parameters.Weights[k] * covariance[i];
        }
        double free = family.FreeNumbers(dimension), least = Least(family, dimension);
        for (var k = 0; k < parameters.Components; k++)
        {
            var count = outcome.EffectiveCounts[k] * scale;
            if (!(count > least) || HasSingleValue(parameters, k, request) || IsThin(k, count))
                unsupported++;
            else value -= (free + dimension) * count / (count - least);
        }
        return new StartScore(unsupported, value);

        // Few points lie near a line or plane by chance, and points of repeated values do so exactly. Many that do neither are thin in truth.
        bool IsThin(int k, double count)
        {
            var covariance = parameters.CovarianceOf(k);
            if (!family.IsThin(covariance, mean, dimension, Thinnest)) return false;
            if (count <= FewestOfThin * least || Share(parameters, k, request.Regularization) > LargestShareOfThin) return true;
            var chance = ThinnestByChance(count, points, dimension);
            return chance < Thinnest && !family.IsThin(covariance, mean, dimension, chance);
        }
    }

    // Of the C(N, m) sets of m points, a part of about e^(m - D) lies within e of the best plane of a set. Gives the e at which one set does, a tenth of it,
    // squared.
    private static double ThinnestByChance(double count, long points, int dimension)
    {
        var sets = 0.0;
        for (var i = 0; i < count; i++) sets += Math.Log((points - i) / (i + 1.0));
        return Math.Exp(-2 * (sets / (count - dimension) + Math.Log(10)));
    }

    // q.
    public static double Least(Family family, int dimension) => 2.0 * family.FreeNumbers(dimension) / dimension + 1;

    /// <summary>
    /// Tells whether a component has a single value in a column that varies, or in a direction in which the points vary: a fit would rather split 0 from
    /// 1 in a column of them than find groups.
    /// </summary>
    public static bool HasSingleValue(Parameters parameters, int matrix, StartRequest request)
    {
        var ridge = request.Regularization;
        for (var j = 0; j < parameters.Dimension; j++)
        {
            var (held, all) = (ridge.Of(parameters.Family, j), request.Pooled.Variance(0, j));
            held += Math.Min((LeastRidges - 1) * held, Thinnest * all);
            if (parameters.Variance(matrix, j) < held && all > held) return true;
        }
        return parameters.Family.HasOffDiagonal && !parameters.Family.IsEstimated(parameters.Dimension) && !ridge.IsZero
            && Share(parameters, matrix, ridge) > 1 / LeastRidges && Share(request.Pooled, 0, ridge) < 1 / LeastRidges;
    }

    // The largest part of a variance that is regularization.
    private static double Share(Parameters parameters, int matrix, Ridge ridge)
    {
        var (family, dimension) = (parameters.Family, parameters.Dimension);
        var covariance = parameters.CovarianceOf(matrix);
        return family.RidgeShare(covariance, dimension, family.Spectrum(covariance, dimension).Smallest, ridge);
    }

    public int CompareTo(StartScore other) =>
        Unsupported != other.Unsupported ? other.Unsupported.CompareTo(Unsupported) : Value.CompareTo(other.Value);
}

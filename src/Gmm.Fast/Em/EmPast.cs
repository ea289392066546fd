using System.Globalization;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Holds what a continued run of EM knows of the run before it.</summary>
/// <param name="Trace">[iterations + 1]: its total log-likelihoods.</param>
/// <param name="Points">The number of points of weight above 0.</param>
/// <param name="TotalWeight">The sum of the points' weights.</param>
/// <param name="Recoveries">Its recoveries, in order.</param>
/// <param name="StartComponents">[K], ascending: the component, of the mixture that it started from, that each one was.</param>
internal sealed record EmPast(double[] Trace, long Points, double TotalWeight, IReadOnlyList<Recovery> Recoveries, int[] StartComponents)
{
    // The same points give the same bits. Other processes may sum them in another order, in the precision of the points.
    private const double SameDoubles = 1e-9;
    private const double SameSingles = 1e-5;

    /// <summary>Whether its trace has steps other than those of EM.</summary>
    public bool IsAccelerated { get; init; }

    /// <summary>The stop rule that it met; null for none.</summary>
    public StopRule? Met { get; init; }

    /// <summary>Its proposals that cost a pass and were not taken.</summary>
    public int Refused { get; init; }

    /// <summary>The number of its iterations.</summary>
    public int Iterations => Trace.Length - 1;

    /// <summary>The number of components that it took out.</summary>
    public int Dropped => Recoveries.Count(r => r.Action == CollapsePolicy.Drop);

    /// <summary>Throws where the sums over the points, under the last parameters, are not those of the run.</summary>
    public void Check(SufficientStatistics statistics, Precision precision)
    {
        if (statistics.PointCount != Points) Refuse($"was of {Points} points; these are {statistics.PointCount}");
        var tolerance = precision == Precision.Single ? SameSingles : SameDoubles;
        if (!(Math.Abs(statistics.TotalWeight - TotalWeight) <= tolerance * TotalWeight))
            Refuse($"was of points of total weight {TotalWeight}; these have {statistics.TotalWeight}");
        if (!(Math.Abs(statistics.LogLikelihood - Trace[^1]) <= tolerance * Math.Max(Math.Abs(Trace[^1]), TotalWeight)))
            Refuse($"ended at the log-likelihood {Trace[^1]}; under its model these points have {statistics.LogLikelihood}");
    }

    private static void Refuse(FormattableString difference) =>
        Throw.Argument("options", $"the fit to continue {difference.ToString(CultureInfo.InvariantCulture)}; the same points are required");
}

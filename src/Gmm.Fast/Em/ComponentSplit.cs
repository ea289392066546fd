using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Splits a component along its longest axis, for a component that lost its points and for a start with one component more.</summary>
internal static class ComponentSplit
{
    // In standard deviations along the longest axis; both halves keep three quarters of its variance.
    private const double Distance = 0.5;

    /// <summary>
    /// Gives what the points of a component lose, in nats, against the density at the mean of the narrowest component: the larger, the more a split
    /// may gain.
    /// </summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="k">The component.</param>
    /// <param name="count">Its effective count.</param>
    /// <param name="narrowest">The largest log-normalizer of the components.</param>
    public static double Loss(Factored mixture, int k, double count, double narrowest) =>
        count * (narrowest - mixture.LogNormalizers[k] - Math.Log(mixture.Parameters.Weights[k]));

    /// <summary>Splits a component. Returns false where a half has no factor.</summary>
    /// <param name="mixture">The mixture; only the two components are factored again, as others may have no factor yet.</param>
    /// <param name="donor">The component to split.</param>
    /// <param name="k">The component that becomes the other half; what it was is lost.</param>
    public static bool TrySplit(Factored mixture, int donor, int k)
    {
        var axis = new double[mixture.Dimension];
        var parameters = mixture.Parameters;
        var variance = mixture.Family.LongestAxis(parameters.CovarianceOf(parameters.MatrixOf(donor)), axis);
        var (distance, weight) = (Distance * Math.Sqrt(variance), (parameters.Weights[donor] + parameters.Weights[k]) / 2);
        if (!parameters.IsShared)
        {
            mixture.Family.Narrow(parameters.CovarianceOf(donor), axis, Distance * Distance * variance);
            parameters.CovarianceOf(donor).CopyTo(parameters.CovarianceOf(k));
        }
        for (var j = 0; j < axis.Length; j++)
        {
            var mean = parameters.Mean(donor)[j];
            parameters.Mean(donor)[j] = mean - distance * axis[j];
            parameters.Mean(k)[j] = mean + distance * axis[j];
        }
        (parameters.Weights[donor], parameters.Weights[k]) = (weight, weight);
        if (parameters.IsShared) return mixture.TryFactor(out _);
        return mixture.TryFactor(donor, out _) && mixture.TryFactor(k, out _);
    }

    /// <summary>Gives a mixture with one component more for each of the components whose split may gain most, the most promising first.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="counts">[K], the effective counts.</param>
    /// <param name="most">The largest number of mixtures.</param>
    public static List<Factored> Splits(Factored mixture, IReadOnlyList<double> counts, int most)
    {
        var narrowest = mixture.LogNormalizers.Max();
        var donors = Enumerable.Range(0, mixture.Components).Where(k => mixture.Parameters.Weights[k] > 0)
            .OrderByDescending(k => Loss(mixture, k, counts[k], narrowest)).Take(most);
        var splits = new List<Factored>();
        foreach (var donor in donors)
        {
            // The new component is a copy of the donor that has no weight yet.
            var split = mixture.Take([.. Enumerable.Range(0, mixture.Components), donor]);
            split.SetWeight(mixture.Components, 0);
            if (TrySplit(split, donor, mixture.Components)) splits.Add(split);
        }
        return splits;
    }
}

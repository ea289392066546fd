using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>Holds where a fit of several starts stands, apart from the run of the present start.</summary>
internal sealed class FitStanding
{
    private int _restart;
    private double _samplePasses;
    private string? _unusable;

    /// <summary>The number of the present start, from 0.</summary>
    public int Restart
    {
        get => _restart;
        set => _restart = value;
    }

    /// <summary>The work of passes over samples before its run, in passes over all points.</summary>
    public double SamplePasses
    {
        get => _samplePasses;
        set => _samplePasses = value;
    }

    /// <summary>The reason why the first start without a log-likelihood had none; null where none was so.</summary>
    public string? Unusable
    {
        get => _unusable;
        set => _unusable = value;
    }

    /// <summary>The best run of the starts before; null for none.</summary>
    public EmOutcome? Best { get; set; }

    /// <summary>Writes or reads it.</summary>
    /// <param name="state">The file.</param>
    /// <param name="family">The family of the mixtures.</param>
    /// <param name="dimension">D.</param>
    public void Carry(StateCarrier state, Family family, int dimension)
    {
        state.Carry(ref _restart);
        state.Carry(ref _samplePasses);
        state.Carry(ref _unusable);
        var hasBest = Best is not null;
        state.Carry(ref hasBest);
        if (hasBest) Best = Carry(state, Best, family, dimension);
    }

    private static EmOutcome Carry(StateCarrier state, EmOutcome? run, Family family, int dimension)
    {
        var (theta, trace, counts, starts) = (run?.Mixture.Parameters.Theta, run?.Trace, run?.EffectiveCounts, run?.StartComponents);
        var (status, weight, failure, refused) = (run?.Status ?? default, run?.TotalWeight ?? 0, run?.Failure, run?.Refused ?? 0);
        var (computed, without, samples) = (run?.ComputedShare ?? 1, run?.WithoutCutoff ?? double.NaN, run?.SamplePasses ?? 0);
        List<Recovery> recoveries = [.. run?.Recoveries ?? []];
        state.Carry(ref theta);
        state.Carry(ref status);
        state.Carry(ref trace);
        state.Carry(ref counts);
        state.Carry(ref weight);
        state.Carry(ref failure);
        Recoverer.Carry(state, recoveries);
        state.Carry(ref starts);
        state.Carry(ref refused);
        state.Carry(ref computed);
        state.Carry(ref without);
        state.Carry(ref samples);
        if (run is not null) return run;
        return new EmOutcome(
            Mixture(family, counts!.Length, dimension, theta!), status, trace!, counts, weight, failure, [.. recoveries], starts!, refused)
        {
            ComputedShare = computed,
            WithoutCutoff = double.IsNaN(without) ? null : without,
            SamplePasses = samples,
        };
    }

    private static Factored Mixture(Family family, int components, int dimension, double[] theta)
    {
        var mixture = new Factored(family, components, dimension);
        theta.CopyTo(mixture.Parameters.Theta.AsSpan());
        if (!mixture.TryFactor(out _)) Throw.InvalidModel("holds a covariance that is not positive definite");
        return mixture;
    }
}

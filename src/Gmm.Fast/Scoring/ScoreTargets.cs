namespace Gmm.Fast.Scoring;

/// <summary>Holds the memory for scores: row-major memory of the caller, pinned. Scores of null pointers are not computed.</summary>
internal unsafe struct ScoreTargets
{
    /// <summary>[N].</summary>
    public int* Labels;

    /// <summary>[N].</summary>
    public double* LogDensities;

    /// <summary>[N x K].</summary>
    public double* Responsibilities;

    /// <summary>[N x K].</summary>
    public double* ComponentLogDensities;

    /// <summary>[N x K].</summary>
    public double* Distances;

    /// <summary>Whether log-densities of components contain their weights.</summary>
    public bool IsWeighted;

    /// <summary>[blocks]: sums of weight times log-density.</summary>
    public double* BlockTotals;

    /// <summary>Gives the memory for points from a number on.</summary>
    public readonly ScoreTargets From(long point, int components) => new()
    {
        Labels = Labels is null ? null : Labels + point,
        LogDensities = LogDensities is null ? null : LogDensities + point,
        Responsibilities = Responsibilities is null ? null : Responsibilities + point * components,
        ComponentLogDensities = ComponentLogDensities is null ? null : ComponentLogDensities + point * components,
        Distances = Distances is null ? null : Distances + point * components,
        IsWeighted = IsWeighted,
        BlockTotals = BlockTotals,
    };
}

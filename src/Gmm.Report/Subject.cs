using Gmm.Fast;

namespace Gmm.Report;

/// <summary>What a report is about: a model, the points it is shown with, and how it was fitted where that is known.</summary>
public sealed class Subject
{
    /// <summary>A model with its data.</summary>
    /// <param name="model">K components in D dimensions.</param>
    /// <param name="rows">[N x D], row-major, kept and not copied; NaN for missing values, which no figure shows.</param>
    /// <param name="fit">How the model was fitted, or null.</param>
    /// <param name="name">Of the data, for titles.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="rows"/> is not a multiple of D.</exception>
    public Subject(GaussianMixture model, double[] rows, FitResult? fit = null, string name = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(name);
        if (rows.Length % model.Dimension != 0)
        {
            throw new ArgumentException(
                $"rows has {rows.Length} values; a multiple of {model.Dimension}, the dimension of the model, is required", nameof(rows));
        }
        (Model, Rows, Fit, Name) = (model, rows, fit, name);
        HasGaps = Array.Exists(rows, double.IsNaN);
        Scorer = HasGaps ? model.WithMissingValues(MissingValues.Marginalize) : model;
    }

    /// <summary>What to say of histograms where <see cref="IsWeighted"/>.</summary>
    internal const string CountsPoints = "Histograms count points, not their weights.";

    /// <summary>What to say of figures where <see cref="HasGaps"/>.</summary>
    internal const string LeavesGapsOut = "A point is drawn where it has the values of the axes.";

    /// <summary>The mixture.</summary>
    public GaussianMixture Model { get; }

    /// <summary>[N x D]; NaN for missing values.</summary>
    public double[] Rows { get; }

    /// <summary>Whether values are missing.</summary>
    internal bool HasGaps { get; }

    /// <summary>The mixture, which scores points with gaps by the values that are there.</summary>
    internal GaussianMixture Scorer { get; }

    /// <summary>N.</summary>
    public int Count => Rows.Length / Model.Dimension;

    /// <summary>How the model was fitted, or null.</summary>
    public FitResult? Fit { get; }

    /// <summary>Whether the sum of the weights that the model was fitted with is not the number of points.</summary>
    internal bool IsWeighted => Fit is { } fit && fit.TotalWeight != fit.Points;

    /// <summary>Of the data; may be empty.</summary>
    public string Name { get; }

    /// <summary>The name of dimension <paramref name="j"/>: its column, or x1, x2, ... where columns have no names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public string Column(int j)
    {
        Require.Range(nameof(j), j, 0, Model.Dimension - 1);
        return Model.ColumnNames?[j] ?? $"x{j + 1}";
    }

    /// <summary>[N x K] responsibilities of all points, computed anew at each call.</summary>
    public double[] Responsibilities()
    {
        var responsibilities = new double[Count * Model.ComponentCount];
        Scorer.Responsibilities(new Points(Rows, Model.Dimension), responsibilities);
        return responsibilities;
    }
}

using System.Numerics.Tensors;

namespace Gmm.Fast.Families;

/// <summary>Holds what an M-step adds to the variances: one number per column, and one for a variance that is an average over the columns.</summary>
internal sealed class Ridge
{
    private const double MinNormal = 2.2250738585072014e-308;

    private readonly double[] _columns;

    private Ridge(double[] columns, double mean) => (_columns, Mean) = (columns, mean);

    /// <summary>[D], in squared units of the data.</summary>
    public ReadOnlySpan<double> Columns => _columns;

    /// <summary>The addition to a variance that is an average over the columns.</summary>
    public double Mean { get; }

    /// <summary>Whether nothing is added.</summary>
    public bool IsZero => Mean == 0 && !_columns.AsSpan().ContainsAnyExcept(0);

    /// <summary>Whether all columns get the same.</summary>
    public bool IsUniform => !_columns.AsSpan().ContainsAnyExcept(_columns[0]);

    /// <summary>Gives the addition to the variance of column <paramref name="j"/> in a family.</summary>
    public double Of(Family family, int j) => family.IsAverage ? Mean : _columns[j];

    /// <summary>Adds the same to every column.</summary>
    public static Ridge Uniform(double variance, int dimension)
    {
        var columns = new double[dimension];
        columns.AsSpan().Fill(variance);
        return new Ridge(columns, variance);
    }

    /// <summary>Adds to each column a fraction of its variance.</summary>
    /// <param name="fraction">Above 0, or 0 for nothing.</param>
    /// <param name="variances">[D], of all points; 0 for a constant column.</param>
    /// <param name="means">[D], of all points.</param>
    public static Ridge Relative(double fraction, ReadOnlySpan<double> variances, ReadOnlySpan<double> means)
    {
        if (fraction == 0) return Uniform(0, variances.Length);
        var columns = new double[variances.Length];
        double sum = 0;
        for (var j = 0; j < columns.Length; j++)
        {
            if (variances[j] == 0)
            {
                // Of the square of its value, which has the unit of a variance. Zeros have no unit.
                var square = fraction * (means[j] * means[j]);
                columns[j] = square >= MinNormal ? square : fraction;
                continue;
            }
            columns[j] = Math.Max(fraction * variances[j], MinNormal);
            sum += columns[j];
        }

        // A constant column would rule an average over the columns: timestamps of one second beside temperatures.
        return new Ridge(columns, (sum > 0 ? sum : TensorPrimitives.Sum<double>(columns)) / columns.Length);
    }
}

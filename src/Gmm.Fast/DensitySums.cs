namespace Gmm.Fast;

/// <summary>Holds a weighted mean and the sum of squares about it (West, Updating mean and variance estimates, CACM 22, 1979).</summary>
/// <param name="Weight">The sum of weights.</param>
/// <param name="Mean">The mean; 0 without points.</param>
/// <param name="Squares">The sum of weight times squared deviation.</param>
internal readonly record struct DensitySums(double Weight, double Mean, double Squares)
{
    /// <summary>The standard error of the mean.</summary>
    public double StandardError => Weight > 1 ? Math.Sqrt(Squares / (Weight - 1) / Weight) : double.NaN;

    /// <summary>Adds a value.</summary>
    public DensitySums With(double weight, double value) => With(new DensitySums(weight, value, 0));

    /// <summary>Adds the values of another sum.</summary>
    public DensitySums With(DensitySums other)
    {
        if (other.Weight == 0) return this;
        var (weight, step) = (Weight + other.Weight, other.Mean - Mean);
        return new DensitySums(
            weight, Mean + step * (other.Weight / weight), Squares + other.Squares + step * step * (Weight * (other.Weight / weight)));
    }
}

namespace Gmm.Fast;

/// <summary>Holds a weighted mean and the sum of squares about it (West, Updating mean and variance estimates, CACM 22, 1979).</summary>
/// <param name="Weight">The sum of weights.</param>
/// <param name="SquaredWeight">The sum of squared weights.</param>
/// <param name="Mean">The mean; 0 without points.</param>
/// <param name="Squares">The sum of weight times squared deviation.</param>
internal readonly record struct DensitySums(double Weight, double SquaredWeight, double Mean, double Squares)
{
    /// <summary>
    /// The standard error of the mean, of as many points as weights of one size would be worth (Kish, Survey Sampling, 1965, section 8.2). So a factor
    /// of all weights does not matter. NaN for fewer than two points.
    /// </summary>
    public double StandardError
    {
        get
        {
            var points = Weight * (Weight / SquaredWeight);
            return points > 1 ? Math.Sqrt(Squares / Weight / (points - 1)) : double.NaN;
        }
    }

    /// <summary>Adds a value.</summary>
    public DensitySums With(double weight, double value) => With(new DensitySums(weight, weight * weight, value, 0));

    /// <summary>Adds the values of another sum.</summary>
    public DensitySums With(DensitySums other)
    {
        if (other.Weight == 0) return this;
        var (weight, step) = (Weight + other.Weight, other.Mean - Mean);
        return new DensitySums(
            weight, SquaredWeight + other.SquaredWeight, Mean + step * (other.Weight / weight),
            Squares + other.Squares + step * step * (Weight * (other.Weight / weight)));
    }
}

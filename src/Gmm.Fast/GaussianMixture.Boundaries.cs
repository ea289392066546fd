using System.Globalization;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    /// <summary>
    /// Gives the places, in order, where the most probable component of a mixture in one dimension changes. Between two of them every point has the
    /// same label. A wide component may win on both sides of a narrow one, and one that never wins has no place.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has more than one dimension.</exception>
    public IReadOnlyList<Boundary> Boundaries()
    {
        if (Dimension != 1)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"the model has {Dimension} dimensions; boundaries are places on a line, so 1 is required"));
        }
        List<Boundary> boundaries = [];
        var (winner, position) = (FirstWinner(), double.NegativeInfinity);
        while (true)
        {
            var (next, nearest, slope) = (-1, double.PositiveInfinity, 0.0);
            for (var other = 0; other < ComponentCount; other++)
            {
                if (other == winner || Weights[other] == 0) continue;
                var (crossing, steepness) = Overtaking(winner, other);

                // Where several overtake at one place, the steepest is ahead behind it.
                if (crossing > position && (crossing < nearest || (crossing == nearest && steepness > slope)))
                    (next, nearest, slope) = (other, crossing, steepness);
            }
            if (next < 0) return boundaries;
            boundaries.Add(new Boundary(nearest, winner, next));
            (winner, position) = (next, nearest);
        }
    }

    // Far below all means the widest component wins; of equally wide ones the one with the lowest mean, then the one with the largest weight.
    private int FirstWinner()
    {
        var winner = -1;
        for (var k = 0; k < ComponentCount; k++)
        {
            if (Weights[k] == 0) continue;
            if (winner < 0 || (Variance(k, 0), -Means[k], Weights[k]).CompareTo((Variance(winner, 0), -Means[winner], Weights[winner])) > 0) winner = k;
        }
        return winner;
    }

    // Gives the only place where the log-density with weight of one component rises above that of another, NaN for none, and the slope there. With
    // d = x - mu_winner the difference is the parabola a d^2 + b d + c.
    private (double Position, double Slope) Overtaking(int winner, int other)
    {
        var (v, w, m) = (Variance(winner, 0), Variance(other, 0), Means[other] - Means[winner]);
        var a = (1 / v - 1 / w) / 2;
        var b = m / w;
        var c = Mixture.LogConstants[other] - Mixture.LogConstants[winner] - m * m / (2 * w);
        if (a == 0) return b > 0 ? (Means[winner] - c / b, b) : (double.NaN, 0);
        var discriminant = b * b - 4 * a * c;
        if (!(discriminant > 0)) return (double.NaN, 0);

        // The parabola rises at the root with the positive slope, (-b + root) / 2a; the form without cancellation where b is positive.
        var root = Math.Sqrt(discriminant);
        var d = b > 0 ? -2 * c / (b + root) : (root - b) / (2 * a);
        return (Means[winner] + d, root);
    }
}

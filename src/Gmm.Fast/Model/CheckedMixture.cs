using System.Globalization;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Model;

/// <summary>Makes factored mixtures of numbers from a caller or a file.</summary>
internal static class CheckedMixture
{
    // Weights in text are rounded; scikit-learn allows the same.
    private const double WeightTolerance = 1e-8;

    /// <summary>Checks and factors a mixture, without changing its numbers.</summary>
    /// <param name="covarianceType">The form of the covariances.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="weights">[K], not negative, sum 1.</param>
    /// <param name="means">[K x D].</param>
    /// <param name="covariances">Compact form of the type.</param>
    /// <exception cref="ArgumentException">
    /// A length is wrong, a number is not finite, the weights do not sum to 1, or a covariance is not symmetric positive definite.
    /// </exception>
    public static Factored Create(
        CovarianceType covarianceType, int dimension, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> covariances)
    {
        var family = FamilyTable.Of(covarianceType);
        if (weights.IsEmpty) Throw.Argument(nameof(weights), "weights is empty; one weight per component is required");
        Check.MixtureSize(weights.Length, dimension, family.HasOffDiagonal);
        Check.Shape(nameof(means), means.Length, weights.Length, dimension);
        var shape = family.Shape(weights.Length, dimension);
        Check.Length(nameof(covariances), covariances.Length, family.Matrices(weights.Length) * family.MatrixLength(dimension),
            shape.Length == 1 ? $"{shape[0]} x 1" : string.Join(" x ", shape));
        Check.Finite(nameof(weights), weights);
        Check.Finite(nameof(means), means);
        Check.Finite(nameof(covariances), covariances);
        CheckWeights(weights);

        var mixture = new Factored(family, weights.Length, dimension);
        weights.CopyTo(mixture.Parameters.Weights);
        means.CopyTo(mixture.Parameters.Means);
        covariances.CopyTo(mixture.Parameters.Covariances);
        for (var matrix = 0; matrix < mixture.Parameters.Matrices; matrix++)
            family.CheckSymmetric(mixture.Parameters.CovarianceOf(matrix), dimension, matrix);
        if (!mixture.TryFactor(out var failure))
        {
            Throw.Argument(nameof(covariances), string.Create(CultureInfo.InvariantCulture,
                $"covariances: component {failure.Component} is not positive definite, pivot {failure.Pivot} is {failure.Value}; "
                + $"a positive one is required"));
        }
        return mixture;
    }

    /// <summary>Checks and copies the names [D] of dimensions, or null.</summary>
    public static string[]? Names(IReadOnlyList<string>? names, int dimension)
    {
        if (names is not null && names.Count != dimension)
            Throw.Argument("columnNames", $"columnNames has {names.Count} names; {dimension}, one per dimension, are required");
        Check.Names("columnNames", names);
        return names is null ? null : [.. names];
    }

    private static void CheckWeights(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] < 0)
                Throw.Argument(nameof(weights), string.Create(CultureInfo.InvariantCulture, $"weights[{k}] is {weights[k]}; at least 0 is required"));
            sum += weights[k];
        }
        if (!(Math.Abs(sum - 1) <= WeightTolerance))
            Throw.Argument(nameof(weights), string.Create(CultureInfo.InvariantCulture, $"weights sum to {sum}; 1 is required"));
    }
}

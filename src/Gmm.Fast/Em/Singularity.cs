using Gmm.Fast.Families;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Says why a covariance has no variance in some direction: columns of one value, columns that others determine, too few points.</summary>
internal static class Singularity
{
    // What a variance may have beside regularization and still count as none: the rounding of the sum.
    private const double OwnPart = 1e-9;

    /// <summary>Tells whether all of the variance of column <paramref name="j"/> is regularization.</summary>
    public static bool IsFlat(Parameters parameters, int matrix, int j, Ridge ridge)
    {
        var added = ridge.Of(parameters.Family, j);
        return parameters.Variance(matrix, j) - added <= OwnPart * added;
    }

    /// <summary>Gives the cause in words, or null where there is none that can be named.</summary>
    /// <param name="parameters">The parameters with the covariance, as estimated.</param>
    /// <param name="matrix">Its number.</param>
    /// <param name="ridge">The part of its variances that is regularization.</param>
    /// <param name="points">The points that it is estimated from, less one for each mean.</param>
    /// <param name="where">"every point", or "all its points".</param>
    /// <param name="wording">The words for columns.</param>
    /// <param name="areFew">Whether the cause is a lack of points.</param>
    public static string? Explain(Parameters parameters, int matrix, Ridge ridge, double points, string where, Wording wording, out bool areFew)
    {
        areFew = false;
        var (family, d) = (parameters.Family, parameters.Dimension);
        var mean = parameters.Mean(parameters.IsShared ? 0 : matrix).ToArray();
        int[] flat = [.. Enumerable.Range(0, d).Where(j => IsFlat(parameters, matrix, j, ridge))];
        if (flat.Length > 0)
        {
            var columns = flat.Length == 1
                ? $"{wording.Column(flat[0])} is {Wording.Number(mean[flat[0]])}"
                : Wording.List([.. flat.Select(j => $"{wording.Token(j)} = {Wording.Number(mean[j])}")]) + wording.Counting;
            return parameters.IsShared && parameters.Components > 1
                ? $"{WithoutValues(flat, wording)} does not vary within components" : $"{columns} in {where}";
        }
        if (!family.HasOffDiagonal) return null;
        areFew = points < d;
        if (areFew) return Wording.Text($"{Wording.Points(points + 1)} are too few for a covariance of {d} dimensions, which needs {d + 1}");
        var covariance = Own(parameters, matrix, ridge);
        var relations = LinearRelations.Find(covariance, d, Formula.Tolerance);
        if (relations.Count == 0) return null;
        var members = Enumerable.Range(0, parameters.Components).Where(k => parameters.IsShared || k == matrix);
        double[][] means = [.. members.Select(k => parameters.Mean(k).ToArray())];
        return Formula.List(relations, means, covariance, wording);
    }

    /// <summary>Gives a covariance as a full matrix without regularization.</summary>
    public static double[] Own(Parameters parameters, int matrix, Ridge ridge)
    {
        var d = parameters.Dimension;
        var covariance = new double[d * d];
        parameters.Family.Expand(parameters.CovarianceOf(matrix), covariance);
        for (var j = 0; j < d; j++) covariance[j * (d + 1)] -= ridge.Of(parameters.Family, j);
        return covariance;
    }

    private static string WithoutValues(int[] columns, Wording wording) =>
        columns.Length == 1 ? wording.Column(columns[0]) : Wording.List([.. columns.Select(wording.Token)]) + wording.Counting;
}

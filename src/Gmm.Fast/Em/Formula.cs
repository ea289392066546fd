using System.Globalization;
using System.Text;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Writes linear relations between columns as a reader does: "siteC = 1 - siteA - siteB", "inch = 0.3937 cm".</summary>
internal static class Formula
{
    /// <summary>The part of its variance that a column may have of its own and still count as determined by others.</summary>
    public const double Tolerance = 1e-8;

    // In standard deviations of the determined column.
    private const double Negligible = 1e-6;

    // The rounding of means, in units of the largest product of a coefficient and a mean.
    private const double Rounding = 1e-13;

    // From this part of a variance on, what others leave is more than rounding.
    private const double Exact = 1e-13;
    private const int MostTerms = 6;
    private const int MostShown = 3;

    /// <summary>Lists relations, the first ones in full.</summary>
    /// <param name="relations">At least one.</param>
    /// <param name="means">One [D] or more: of all points, or of components, whose constants may differ.</param>
    /// <param name="covariance">[D x D], of the deviations that the relations hold for.</param>
    /// <param name="wording">The words for columns.</param>
    public static string List(IReadOnlyList<LinearRelation> relations, IReadOnlyList<double[]> means, ReadOnlySpan<double> covariance, Wording wording)
    {
        var (texts, d) = (new List<string>(), means[0].Length);
        foreach (var relation in relations.Take(MostShown)) texts.Add(Of(relation, means, Math.Sqrt(covariance[relation.Column * (d + 1)]), wording));
        if (relations.Count > MostShown) texts.Add(Wording.Text($"{relations.Count - MostShown} more"));
        return Wording.List(texts) + wording.Counting;
    }

    private static string Of(LinearRelation relation, IReadOnlyList<double[]> means, double deviation, Wording wording)
    {
        var column = wording.Token(relation.Column);
        if (relation.Others.Length > MostTerms)
        {
            var first = relation.Others.Take(MostTerms - 1).Select(wording.Token);
            return Wording.Text($"{column} follows from {string.Join(", ", first)} and {relation.Others.Length - MostTerms + 1} more");
        }
        var text = new StringBuilder($"{column} =");
        var (constant, size) = Constant(relation, means[0]);
        var tolerance = Math.Max(Negligible, Math.Sqrt(relation.Residual)) * deviation + Rounding * size;
        var isOne = means.All(mean => Math.Abs(Constant(relation, mean).Value - constant) <= tolerance);
        var shown = isOne && Math.Abs(constant) > tolerance;
        if (shown) text.Append(' ').Append(Number(constant));
        for (var i = 0; i < relation.Others.Length; i++)
        {
            var coefficient = relation.Coefficients[i];
            var isFirst = i == 0 && !shown;
            text.Append(isFirst ? coefficient < 0 ? " -" : " " : coefficient < 0 ? " - " : " + ");
            if (Number(Math.Abs(coefficient)) is not "1" and var factor) text.Append(factor).Append(' ');
            text.Append(wording.Token(relation.Others[i]));
        }
        if (!isOne) text.Append(" + a constant for each component");
        if (relation.Residual > Exact) text.Append(CultureInfo.InvariantCulture, $" to within {Math.Sqrt(relation.Residual) * deviation:g2}");
        return text.ToString();
    }

    private static (double Value, double Size) Constant(LinearRelation relation, double[] mean)
    {
        var (constant, size) = (mean[relation.Column], Math.Abs(mean[relation.Column]));
        for (var i = 0; i < relation.Others.Length; i++)
        {
            var product = relation.Coefficients[i] * mean[relation.Others[i]];
            constant -= product;
            size = Math.Max(size, Math.Abs(product));
        }
        return (constant, size);
    }

    private static string Number(double value) => value.ToString("g4", CultureInfo.InvariantCulture);
}

namespace Gmm.Data.Images.Clustering;

/// <summary>
/// Measures the agreement of two partitions over pairs of rows, corrected for chance. L. Hubert and P. Arabie, "Comparing partitions",
/// Journal of Classification 2 (1985), 193-218, equation 5: with p(n) = n (n - 1) / 2, n_ij the counts, a_i and b_j their sums,
/// <code>
///        sum_ij p(n_ij) - E              sum_i p(a_i) sum_j p(b_j)
///   -------------------------------, E = -------------------------
///   (sum p(a_i) + sum p(b_j))/2 - E                p(n)
/// </code>
/// 1 for equal partitions, about 0 for independent ones, negative when they agree less than by chance. Both sides are multiplied by 2 p(n), which
/// makes them whole numbers: exact up to the one division.
/// </summary>
public static class AdjustedRandIndex
{
    /// <summary>Computes the index of a table of counts.</summary>
    /// <returns>
    /// Null for fewer than two rows, where there is no pair. 1 where the quotient is 0/0: both partitions have one group only, or one group for every
    /// row, so they are equal.
    /// </returns>
    public static double? Of(Contingency counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var all = Pairs([counts.Total]);
        if (all == 0)
        {
            return null;
        }

        var both = Pairs(counts.Cells);
        var categories = Pairs(counts.CategorySums());
        var components = Pairs(counts.ComponentSums());
        var above = 2 * ((all * both) - (categories * components));
        var below = (all * (categories + components)) - (2 * categories * components);
        return below == 0 ? 1 : (double)above / (double)below;
    }

    private static Int128 Pairs(ReadOnlySpan<long> counts)
    {
        Int128 pairs = 0;
        foreach (var count in counts)
        {
            pairs += (Int128)count * (count - 1) / 2;
        }

        return pairs;
    }
}

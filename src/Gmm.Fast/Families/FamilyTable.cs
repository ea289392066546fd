using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;

namespace Gmm.Fast.Families;

/// <summary>Holds the table of families, in the order of <see cref="CovarianceType"/>.</summary>
internal static class FamilyTable
{
    private static readonly Family[] s_rows = [new Full(), new Tied(), new Diagonal(), new Spherical(), new TiedDiagonal(), new TiedSpherical()];

    /// <summary>All families.</summary>
    public static ReadOnlySpan<Family> All => s_rows;

    /// <summary>The names of all types, for messages: "A, B or C".</summary>
    public static string Names => $"{string.Join(", ", s_rows[..^1].Select(row => row.Type))} or {s_rows[^1].Type}";

    /// <summary>Gives the family of a type, or throws.</summary>
    public static Family Of(CovarianceType covarianceType)
    {
        foreach (var family in s_rows)
        {
            if (family.Type == covarianceType) return family;
        }
        Throw.OutOfRange(nameof(covarianceType), covarianceType, $"{Names} is required");
        return null;
    }

    /// <summary>Gives the family whose components share one matrix of the form that these moments give.</summary>
    public static Family SharedOf(MomentKind moments) => With(moments, isShared: true);

    /// <summary>Gives the family whose components have a matrix each, of the form that these moments give.</summary>
    public static Family OwnOf(MomentKind moments) => With(moments, isShared: false);

    private static Family With(MomentKind moments, bool isShared)
    {
        foreach (var family in s_rows)
        {
            if (family.IsShared == isShared && family.Moments == moments) return family;
        }
        throw new System.Diagnostics.UnreachableException($"no family has moments of this kind, shared: {isShared}");
    }
}

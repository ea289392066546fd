using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Groups the situations of docs/numerics.md for one covariance type by the accuracy that a fit can have.</summary>
internal static class SituationSets
{
    /// <summary>Every one.</summary>
    public static Situation[] All(string type) => [.. Fitting(type), .. NearlySingular(type), .. Collapsing(type)];

    /// <summary>All that can be fitted in double precision, but for covariances that are themselves nearly singular.</summary>
    public static Situation[] Fitting(string type) =>
    [
        .. ((double[])[1e3, 1e4, 1e5, 1e6]).Select(distance => Situations.FarStart(type, distance)),
        .. Offsets(type), Situations.Determinant(type, 1e40), .. FittingInSingle(type),
    ];

    /// <summary>Data far from zero.</summary>
    public static Situation[] Offsets(string type) => [Situations.Offset(type, 1e8, 1e8, 1e8), Situations.Offset(type, 0, 1e9, 0)];

    /// <summary>Floats have no digits left at an offset of 1e8, and no room for a variance of 1e40.</summary>
    public static Situation[] FittingInSingle(string type) =>
    [
        Situations.Scaled(type, 1e-9, 1e-9, 1e-9), Situations.Scaled(type, 1e-6, 1, 1e6), Situations.Determinant(type, 1e-40),
        Situations.Underflow(type), Situations.FarCluster(type), Situations.OnePoint(type), Situations.Identical(type), Situations.Ties(type),
        Situations.OnePerPoint(type), Situations.Vanishing(type, 1e-10), Situations.Vanishing(type, 1e-320), Situations.Vanishing(type, 0),
        Situations.HalfIdentical(type, 1e-6), Situations.ConstantColumn(type, 1e-6), Situations.Collinear(type, 1e-6),
        Situations.HeavyTails(type), Situations.Outlier(type),
    ];

    /// <summary>The condition numbers of <see cref="NearlySingular"/>, in its order.</summary>
    public static double[] Conditions => [1e10, 1e12, 1e14];

    /// <summary>A diagonal or a sphere cannot be a needle across the axes.</summary>
    public static Situation[] NearlySingular(string type) =>
        Layout.HasOffDiagonal(type) ? [.. Conditions.Select(condition => Situations.NearlySingular(type, condition))] : [];

    /// <summary>A sphere has a variance as long as one column has, a diagonal as long as every column has, a shared one as long as some component has.</summary>
    public static IEnumerable<Situation> Collapsing(string type)
    {
        if (!Layout.IsShared(type)) yield return Situations.HalfIdentical(type, 0);
        if (!Layout.IsSpherical(type)) yield return Situations.ConstantColumn(type, 0);
        if (Layout.HasOffDiagonal(type)) yield return Situations.Collinear(type, 0);
    }
}

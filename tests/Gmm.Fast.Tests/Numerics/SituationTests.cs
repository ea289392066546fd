namespace Gmm.Fast.Tests.Numerics;

/// <summary>Every situation of docs/numerics.md against arithmetic of 77 digits, for every covariance type. Errors are in units of the component's own spread.</summary>
public class SituationTests
{
    private const double UnitRoundoff = 1.0 / (1L << 53);
    private const double FloatUnitRoundoff = 1.0 / (1 << 24);

    public static TheoryData<string> Types => Judge.Types;

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryStepIsAsGoodAsTheRoundingOfItsInput(string type)
    {
        foreach (var situation in Fitting(type)) Judge.Within(100 * UnitRoundoff, Judge.EachStep(situation), situation);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ResponsibilitiesAreExact(string type)
    {
        foreach (var situation in Fitting(type)) Judge.Within(100 * UnitRoundoff, Judge.Responsibilities(situation), situation);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OffsetsLeaveTheParametersTheirDigits(string type)
    {
        Judge.Within(1e-9, Judge.EachStep(Situations.Offset(type, 1e8, 1e8, 1e8)));
        Judge.Within(1e-9, Judge.EachStep(Situations.Offset(type, 0, 1e9, 0)));
    }

    [Theory]
    [InlineData("full", 1e10)]
    [InlineData("full", 1e12)]
    [InlineData("full", 1e14)]
    [InlineData("tied", 1e10)]
    [InlineData("tied", 1e12)]
    [InlineData("tied", 1e14)]
    public void NearlySingularCovariancesLoseWhatTheirConditionTakes(string type, double condition)
    {
        var situation = Situations.NearlySingular(type, condition);
        Judge.Within(condition * UnitRoundoff, Judge.EachStep(situation), situation);
        var fit = situation.Start.Fit(situation.Iterations);
        Assert.All(fit.Components, component => Assert.InRange(component.ConditionNumber, condition / 100, condition * 100));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void FloatsLoseFloatDigitsOnly(string type)
    {
        foreach (var situation in FittingInSingle(type)) Judge.Within(150 * FloatUnitRoundoff, Judge.FloatStep(situation), situation);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("spherical")]
    public void WhatHasNoVarianceCollapsesByName(string type)
    {
        foreach (var situation in Collapsing(type))
        {
            var fit = situation.Start.Fit(situation.Iterations);
            Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
            Assert.Contains(type == "tied" ? "the shared covariance" : $"component {situation.Collapses}", fit.Failure);
            Assert.Contains("use regularization > 0", fit.Failure);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TheLogLikelihoodOfHeavyTailsAndOutliersRises(string type)
    {
        foreach (var situation in (Situation[])[Situations.HeavyTails(type), Situations.Outlier(type)])
        {
            var trace = situation.Start.Fit(20, regularization: 1e-9).Trace;
            Assert.True(double.IsFinite(trace[^1]));
            for (var t = 1; t < trace.Length; t++) Assert.True(trace[t] >= trace[t - 1] - 1e-12 * Math.Abs(trace[t]), $"{situation}: {trace[t - 1]:R} to {trace[t]:R}");
        }
    }

    // All that can be fitted in double precision, but for covariances that are themselves nearly singular.
    private static Situation[] Fitting(string type) =>
    [
        .. ((double[])[1e3, 1e4, 1e5, 1e6]).Select(distance => Situations.FarStart(type, distance)),
        Situations.Offset(type, 1e8, 1e8, 1e8), Situations.Offset(type, 0, 1e9, 0),
        Situations.Determinant(type, 1e40), .. FittingInSingle(type),
    ];

    // Floats have no digits left at an offset of 1e8, and no room for a variance of 1e40.
    private static Situation[] FittingInSingle(string type) =>
    [
        Situations.Scaled(type, 1e-9, 1e-9, 1e-9), Situations.Scaled(type, 1e-6, 1, 1e6), Situations.Determinant(type, 1e-40),
        Situations.Underflow(type), Situations.FarCluster(type), Situations.OnePoint(type), Situations.Identical(type), Situations.Ties(type),
        Situations.OnePerPoint(type), Situations.Vanishing(type, 1e-10), Situations.Vanishing(type, 1e-320), Situations.Vanishing(type, 0),
        Situations.HalfIdentical(type, 1e-6), Situations.ConstantColumn(type, 1e-6), Situations.Collinear(type, 1e-6),
        Situations.HeavyTails(type), Situations.Outlier(type),
    ];

    // A sphere has a variance as long as one column has, a diagonal as long as every column has, a shared one as long as some component has.
    private static IEnumerable<Situation> Collapsing(string type)
    {
        if (type != "tied") yield return Situations.HalfIdentical(type, 0);
        if (type != "spherical") yield return Situations.ConstantColumn(type, 0);
        if (type is "full" or "tied") yield return Situations.Collinear(type, 0);
    }
}

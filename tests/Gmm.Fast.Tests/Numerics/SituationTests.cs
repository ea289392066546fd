using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Compares every situation of docs/numerics.md with arithmetic of 77 digits, for every covariance type. Errors are in units of the component's
/// spread.
/// </summary>
public class SituationTests
{
    private const double UnitRoundoff = 1.0 / (1L << 53);
    private const double FloatUnitRoundoff = 1.0 / (1 << 24);

    public static TheoryData<string> Types => Judge.Types;

    public static TheoryData<string> CollapsingTypes => [.. Layout.CovarianceTypes.Where(type => SituationSets.Collapsing(type).Any())];

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryStepIsAsGoodAsTheRoundingOfItsInput(string type)
    {
        foreach (var situation in SituationSets.Fitting(type)) Judge.Within(100 * UnitRoundoff, Judge.EachStep(situation), situation);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ResponsibilitiesAreExact(string type)
    {
        foreach (var situation in SituationSets.Fitting(type)) Judge.Within(100 * UnitRoundoff, Judge.Responsibilities(situation), situation);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OffsetsLeaveTheParametersTheirDigits(string type)
    {
        foreach (var situation in SituationSets.Offsets(type)) Judge.Within(1e-9, Judge.EachStep(situation), situation);
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
        foreach (var situation in SituationSets.FittingInSingle(type)) Judge.Within(150 * FloatUnitRoundoff, Judge.FloatStep(situation), situation);
    }

    [Theory]
    [MemberData(nameof(CollapsingTypes))]
    public void WhatHasNoVarianceCollapsesByName(string type)
    {
        foreach (var situation in SituationSets.Collapsing(type))
        {
            var fit = situation.Start.Fit(situation.Iterations);
            Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
            Assert.Contains(Layout.IsShared(type) ? "the shared covariance" : $"component {situation.Collapses}", fit.Failure);
            Assert.Contains("use Regularization > 0", fit.Failure);
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
}

using CsCheck;
using Gmm.TestKit;
using Gmm.TestKit.Exact;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>The tools of the other tests: a check that cannot fail would prove nothing.</summary>
public class TestKitTests
{
    private static readonly GoldenCase s_case = GoldenCase.Load("c04_d2_k3_tied");
    private static readonly GoldenRun s_run = s_case.Run("total_ll");

    [Fact]
    public void AllCasesAndRunsAreThere()
    {
        Assert.Equal(22, GoldenCase.AllNames.Count);
        Assert.Contains("notebook", GoldenCase.AllNames);
        Assert.Equal(86, GoldenCase.AllRuns.Count());
        Assert.Equal(Layout.CovarianceTypes.Order(), GoldenCase.AllNames.Select(name => GoldenCase.Load(name).CovarianceType).Distinct().Order());
    }

    [Fact]
    public void TheExpectedValuesThemselvesPass()
    {
        var errors = Verify(s_run.Expected);
        Assert.Equal((0, 0, 0, 0, 0), (errors.Weights, errors.Means, errors.Covariances, errors.Trace, errors.Responsibilities));
        Assert.InRange(errors.LogLikelihood, 0, 1e-15);
    }

    public static TheoryData<string, GoldenExpected> WrongResults => new()
    {
        { "weights error", s_run.Expected with { Weights = Changed(s_run.Expected.Weights, 2, w => w * (1 + 2e-10)) } },
        { "weights error NaN", s_run.Expected with { Weights = Changed(s_run.Expected.Weights, 0, _ => double.NaN) } },
        { "weights has 2 values, expected 3", s_run.Expected with { Weights = [0.5, 0.5] } },
        { "means error", s_run.Expected with { Means = Changed(s_run.Expected.Means, 5, m => m + 2e-10) } },
        { "covariances error", s_run.Expected with { Covariances = Changed(s_run.Expected.Covariances, 1, s => s - 2e-10) } },
        { "trace error", s_run.Expected with { Trace = Changed(s_run.Expected.Trace, 3, l => l * (1 + 2e-12)) } },
        { "ll error", s_run.Expected with { Trace = Changed(s_run.Expected.Trace, 8, l => l * (1 + 2e-12)) } },
        { "iterations is 7, expected 8", s_run.Expected with { Iterations = 7 } },
        { "converged is False, expected True", s_run.Expected with { Converged = false } },
    };

    [Theory]
    [MemberData(nameof(WrongResults))]
    public void AWrongResultFailsAndTheMessageNamesIt(string message, GoldenExpected wrong) =>
        Assert.Contains(message, Assert.Throws<GoldenMismatchException>(() => Verify(wrong)).Message);

    [Fact]
    public void WrongResponsibilitiesFail()
    {
        var fit = Adapters.Fit(s_case, s_run);
        Adapters.Verify(s_case, s_run, fit);

        // Two rows change places: only the ramp notices. Rows 100 and 200 belong to different components.
        var swapped = fit.Responsibilities.ToArray();
        (swapped[99], swapped[199]) = (swapped[199], swapped[99]);
        var error = Assert.Throws<GoldenMismatchException>(() => Adapters.Verify(s_case, s_run, fit with { Responsibilities = swapped }));
        Assert.Contains("resp error", error.Message);

        // The two sets of responsibilities are one M-step apart.
        Assert.Throws<GoldenMismatchException>(() => Adapters.Verify(s_case, s_run, fit with { LastEStepResponsibilities = fit.Responsibilities }));
    }

    [Fact]
    public void LayoutsRoundTrip() => Blobs.Generator().Sample(problem =>
    {
        Assert.Equal(Layout.CompactLength(problem.CovarianceType, problem.K, problem.D), problem.Covariances.Length);
        Assert.Equal(problem.Covariances, Layout.Compact(problem.CovarianceType, problem.ExpandedCovariances));
        Assert.Equal(problem.Data, Layout.Flat(problem.Rows));
    }, iter: 100);

    [Fact]
    public void ProblemsAreValidAndRepeatable() => Blobs.Generator().Sample(problem =>
    {
        problem.Mixture().Validate();
        Assert.Equal(problem.N * problem.D, problem.Data.Length);
        Assert.All(problem.Data, x => Assert.True(double.IsFinite(x)));
        Assert.Equal(1, problem.Weights.Sum(), 1e-15);
        foreach (var covariance in problem.ExpandedCovariances)
            ReferenceCholesky.Factor(covariance);

        var (first, second) = (Blobs.Build(9, 5, 2, 2, problem.CovarianceType), Blobs.Build(9, 5, 2, 2, problem.CovarianceType));
        Assert.Equal(first.Data, second.Data);
    }, iter: 100);

    [Fact]
    public void WhatIsSaidOfATypeIsTrueOfItsCovariances() => Assert.All(Layout.CovarianceTypes, type =>
    {
        var covariances = Blobs.Build(seed: 5, n: 1, d: 3, k: 2, type).ExpandedCovariances;
        Assert.Equal(Layout.IsShared(type), covariances[0][0][0] == covariances[1][0][0]);
        Assert.Equal(Layout.HasOffDiagonal(type), covariances[0][1][0] != 0);
        Assert.Equal(Layout.IsSpherical(type), covariances[0][0][0] == covariances[0][1][1]);
    });

    [Theory]
    [InlineData("full", 18)]
    [InlineData("tied", 9)]
    [InlineData("diag", 6)]
    [InlineData("spherical", 2)]
    [InlineData("tied-diag", 3)]
    [InlineData("tied-spherical", 1)]
    public void TheCompactFormHasItsLength(string type, int length) => Assert.Equal(length, Layout.CompactLength(type, k: 2, d: 3));

    [Theory]
    [InlineData("diagonal")]
    [InlineData("tied-full")]
    [InlineData("")]
    public void AnUnknownCovarianceTypeIsRefusedEverywhere(string type)
    {
        Action[] uses =
        [
            () => Layout.CompactLength(type, 2, 2),
            () => Layout.Entry(type, 2, [1, 1, 1, 1], 0, 0, 0),
            () => Layout.Expand(type, 2, 2, [1, 1]),
            () => Layout.Compact(type, [[[1]]]),
            () => Layout.IsShared(type),
            () => Layout.HasOffDiagonal(type),
            () => Layout.IsSpherical(type),
            () => Blobs.Build(1, 3, 2, 2, type),
            () => ExactMixture.From(type, [1], [0], [1]),
            () => Adapters.CovarianceOf(type),
        ];
        Assert.All(uses, use => Assert.Contains($"'{type}' is no covariance type", Assert.Throws<ArgumentException>(use).Message));
    }

    private static GoldenErrors Verify(GoldenExpected result) => GoldenCheck.Verify(
        s_case, s_run, result.Weights, result.Means, result.Covariances, result.Trace, result.Iterations, result.Converged);

    private static double[] Changed(double[] values, int index, Func<double, double> change)
    {
        var copy = values.ToArray();
        copy[index] = change(copy[index]);
        return copy;
    }
}

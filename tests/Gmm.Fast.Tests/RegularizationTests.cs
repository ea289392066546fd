using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks what is added to variances: by default a fraction of each column's variance, so that units do not matter.</summary>
public class RegularizationTests
{
    [Fact]
    public void ANumberIsAbsoluteAndNothingIsAFractionOfEachColumn()
    {
        var problem = Blobs.Build(seed: 4, n: 200, d: 3, k: 2);
        var options = new FitOptions { Components = 2 };
        Assert.Equal(Regularization.Absolute(1e-6), Fit(options with { Regularization = 1e-6 }).Regularization);
        Assert.Equal(Regularization.Relative(0.25), Fit(options with { Regularization = Regularization.Relative(0.25) }).Regularization);
        Assert.Equal(Regularization.Relative(3e-12), Fit(options).Regularization);
        Assert.Equal(Regularization.Relative(1e-6), MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), 3), options).Regularization);
        Measures.SameBits(Fit(options), Fit(options with { Regularization = Regularization.Relative(3e-12) }));
        Measures.SameBits(Fit(options with { Regularization = 0 }), Fit(options with { Regularization = Regularization.Relative(0) }));
        Assert.Equal("1E-06", Regularization.Absolute(1e-6).ToString());
        Assert.Equal("2E-12 of each column's variance", Regularization.Relative(2e-12).ToString());

        FitResult Fit(FitOptions options) => MixtureFit.Fit(new Points(problem.Data, 3), options);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AFractionOfEachColumnIsWhatTheReferenceAdds(string type)
    {
        var problem = Blobs.Build(seed: 6, n: 120, d: 3, k: 2, type, separation: 2);
        for (var i = 0; i < problem.Data.Length; i += 3) problem.Data[i] *= 3;
        var expected = ReferenceEm.Fit(
            problem.Rows, problem.Reference(), new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 4, RelativeRegularization = 0.2 });
        var fit = MixtureFit.Fit(new Points(problem.Data, 3), problem.Options(4) with { Regularization = Regularization.Relative(0.2) });
        for (var t = 0; t < 5; t++) Assert.InRange(Measures.Relative(expected.LogLikelihoodTrace[t], fit.Trace[t]), 0, 1e-11);
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 3; j++) Assert.Equal(expected.Mixture.Covariances[k][j][j], fit.Model.Variance(k, j), 1e-9 * fit.Model.Variance(k, j));
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("tied-diag")]
    public void PowersOfTwoInTheUnitsChangeUnitsOnly(string type)
    {
        // A dummy in every unit beside it: what regularization holds is in the unit of its column too.
        int[] exponents = [-200, 3, 40];
        var problem = Blobs.Build(seed: 8, n: 90, d: 3, k: 2, type, separation: 3);
        for (var i = 0; i < 90; i++) problem.Data[3 * i + 2] = problem.Data[3 * i + 1];
        var plain = MixtureFit.Fit(new Points(problem.Data, 3), problem.Options(6) with { Regularization = null });
        double[] scaled = [.. problem.Data.Select((x, i) => Math.ScaleB(x, exponents[i % 3]))], means = [.. problem.Means.Select((x, i) => Math.ScaleB(x, exponents[i % 3]))];
        double[][][] covariances = [.. problem.ExpandedCovariances.Select(matrix =>
            matrix.Select((row, i) => row.Select((x, j) => Math.ScaleB(x, exponents[i] + exponents[j])).ToArray()).ToArray())];
        var other = problem with { Data = scaled, Means = means, Covariances = Layout.Compact(type, covariances) };
        var fit = MixtureFit.Fit(new Points(scaled, 3), other.Options(6) with { Regularization = null });
        Measures.SameBits(plain.Model.Weights.ToArray(), fit.Model.Weights.ToArray());
        Measures.SameBits([.. plain.Model.Means.ToArray().Select((x, i) => Math.ScaleB(x, exponents[i % 3]))], fit.Model.Means.ToArray());
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 3; j++) Assert.Equal(Math.ScaleB(plain.Model.Variance(k, j), 2 * exponents[j]), fit.Model.Variance(k, j));
        }
        Assert.Equal(plain.Warnings.Select(warning => warning.Kind), fit.Warnings.Select(warning => warning.Kind));
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AConstantColumnGetsAFractionOfItsSquareAndDoesNotRuleAnAverage(string type)
    {
        var random = new Random(2);
        double[] rows = [.. Enumerable.Range(0, 200).SelectMany(i => (double[])[SpdMatrix.StandardNormal(random), 1e9, SpdMatrix.StandardNormal(random), 0])];
        var fit = MixtureFit.Fit(new Points(rows, 4), new FitOptions { Components = 1, CovarianceType = Adapters.Type(type), Regularization = Regularization.Relative(1e-3) });
        Assert.NotEqual(FitStatus.Collapsed, fit.Status);
        if (Layout.IsSpherical(type))
        {
            // Two of four columns vary.
            Assert.InRange(fit.Model.Variance(0, 1), 0.4, 0.6);
            return;
        }
        Assert.Equal(1e-3 * 1e18, fit.Model.Variance(0, 1), 1e3);
        Assert.Equal(1e-3, fit.Model.Variance(0, 3), 1e-15);
        var warning = Assert.Single(fit.Warnings);
        Assert.Equal((FitWarningKind.ConstantColumn, "dimension 1 = 1e+09 and dimension 3 = 0 (dimensions count from 0) are constant in every point: they tell nothing apart; leave them out"),
            (warning.Kind, warning.Message));
        Assert.Equal([1, 3], warning.Columns);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void EqualPointsAloneHaveAModel(string type)
    {
        foreach (var value in (double[])[0, 2.5, -1e-9, 1e12])
        {
            double[] rows = [.. Enumerable.Repeat(value, 40)];
            var fit = MixtureFit.Fit(new Points(rows, 2), new FitOptions { Components = 1, CovarianceType = Adapters.Type(type) });
            Assert.Equal((FitStatus.Converged, value, value), (fit.Status, fit.Model.Mean(0)[0], fit.Model.Mean(0)[1]));
            Assert.True(double.IsFinite(fit.TotalLogLikelihood));
        }
    }

    [Theory]
    [InlineData(double.NaN, false, "Regularization is NaN; a finite number of at least 0 is required")]
    [InlineData(-1e-9, true, "Regularization is -1E-09; a finite number of at least 0 is required")]
    [InlineData(1.0, true, "Regularization is 1 of each column's variance; a fraction of at least 0 and below 1 is required")]
    public void WhatIsNoRegularizationIsRefused(double value, bool isRelative, string message)
    {
        var options = new FitOptions { Components = 1, Regularization = isRelative ? Regularization.Relative(value) : Regularization.Absolute(value) };
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => MixtureFit.Fit(new Points([1.0, 2, 3], 1), options)).Message);
    }

    [Fact]
    public void AStepperTakesTheVariancesOfItsModel()
    {
        // Two halves at -2 and 2 of variance 1: 5 in all.
        var model = new GaussianMixture(CovarianceType.Diagonal, 1, [0.5, 0.5], [-2, 2], [1, 1]);
        double[] points = [-3, -2, -1, 1, 2, 3];
        using EmStepper plain = new(model, regularization: 0), relative = new(model, Regularization.Relative(0.1)), none = new(model);
        foreach (var stepper in (EmStepper[])[plain, relative, none])
        {
            var statistics = stepper.CreateStatistics();
            stepper.Expect(new Points(points, 1), statistics, TestContext.Current.CancellationToken);
            stepper.Maximize(statistics);
        }
        Assert.Equal(plain.Model.Variance(0, 0) + 0.5, relative.Model.Variance(0, 0), 1e-15);
        Assert.Equal(plain.Model.Variance(0, 0) + 5e-12, none.Model.Variance(0, 0), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmStepper(model, Regularization.Relative(1)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1e-12)]
    public void AFileKeepsKindAndValue(double value)
    {
        var problem = Blobs.Build(seed: 4, n: 50, d: 2, k: 1);
        foreach (var regularization in (Regularization[])[Regularization.Absolute(value), Regularization.Relative(value)])
        {
            using var stream = new MemoryStream();
            MixtureFit.Fit(new Points(problem.Data, 2), new FitOptions { Components = 1, Regularization = regularization }).Save(stream);
            stream.Position = 0;
            Assert.Equal(regularization, FitResult.Load(stream)!.Regularization);
        }
    }
}

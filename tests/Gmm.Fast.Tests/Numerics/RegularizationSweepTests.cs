using System.Globalization;
using System.Text;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Measures what docs/numerics.md argues the default regularization from: how often fits of hostile data fail, how often they find no end on columns
/// that determine each other, how many components they put on repeated values, and what is left of small deviations far apart.
/// GMM_CASES=2000 takes that many data sets of each kind; the table is the output of the test.
/// </summary>
public class RegularizationSweepTests
{
    private const int Usual = 100;

    private static readonly Regularization? s_before = 1e-6;

    [Fact]
    public void TheDefaultFailsNoMoreOftenThanAMillionthOfASquaredUnit()
    {
        Regularization?[] swept = HostileCases.AreUsual
            ? [s_before, null]
            : [s_before, null, .. Enumerable.Range(4, 11).Select(digits => (Regularization?)Regularization.Relative(double.Parse($"1e-{digits}", CultureInfo.InvariantCulture)))];
        var table = new StringBuilder("| regularization | failed | failed, floats | no end, determined columns | no end, floats | on repeated values |\n|---|---|---|---|---|---|\n");
        var before = new int[5];
        foreach (var regularization in swept)
        {
            int[] counts =
            [
                Hostile(regularization, isSingle: false), Hostile(regularization, isSingle: true), Determined(regularization, isSingle: false),
                Determined(regularization, isSingle: true), Repeated(regularization),
            ];
            table.Append(CultureInfo.InvariantCulture, $"| {regularization?.ToString() ?? "default"} | {string.Join(" | ", counts)} |\n");
            if (regularization == s_before) before = counts;
            if (regularization is not null) continue;
            for (var i = 0; i < 4; i++) Assert.True(counts[i] <= before[i], $"{counts[i]} where {before[i]} did: column {i + 1} of\n{table}");
        }
        HostileCases.Write($"{HostileCases.Count(Usual)} data sets of each kind\n{table.ToString()}");
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-4)]
    [InlineData(1)]
    [InlineData(1e12)]
    public void DeviationsInAnyUnitComeOutRight(double unit)
    {
        // Two clusters, so many deviations apart: the variances are those of the halves of the data.
        foreach (var apart in (double[])[10, 1e3, 1e5])
        {
            var random = new Random(3);
            double[] rows = [.. Enumerable.Range(0, 400).SelectMany(i => (double[])[unit * (SpdMatrix.StandardNormal(random) + i % 2 * apart), SpdMatrix.StandardNormal(random)])];
            foreach (var type in Enum.GetValues<CovarianceType>().Where(type => type is not (CovarianceType.Spherical or CovarianceType.TiedSpherical)))
            {
                var fit = MixtureFit.Fit(new Points(rows, 2), new FitOptions { Components = 2, CovarianceType = type });
                var plain = MixtureFit.Fit(new Points(rows, 2), new FitOptions { Components = 2, CovarianceType = type, Regularization = 0 });
                for (var k = 0; k < 2; k++)
                    Assert.InRange(Math.Sqrt(fit.Model.Variance(k, 0) / plain.Model.Variance(k, 0)), 0.98, 1.02);
                Assert.Empty(fit.Warnings);
            }
        }
    }

    private static int Hostile(Regularization? regularization, bool isSingle)
    {
        var failed = 0;
        for (var seed = 0; seed < HostileCases.Count(Usual); seed++)
        {
            var problem = HostileProblems.Draw(seed);
            if (problem.Traits.Contains("denormal") || problem.Traits.Contains("extreme units")) continue;
            if (isSingle && problem.Traits.Contains("offsets")) continue;
            var start = problem.Start;
            failed += Fails(start.Data, start.D, isSingle, new FitOptions
            {
                Components = start.K,
                CovarianceType = Adapters.Type(start.CovarianceType),
                Regularization = regularization,
                MaxIterations = 30,
            }) ? 1 : 0;
        }
        return failed;
    }

    private static bool Fails(double[] data, int d, bool isSingle, FitOptions options)
    {
        try
        {
            return Fit(data, d, isSingle, options).Status == FitStatus.Collapsed;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static FitResult Fit(double[] data, int d, bool isSingle, FitOptions options) => isSingle
        ? MixtureFit.Fit(new Points(Measures.To<float>(data), d), options)
        : MixtureFit.Fit(new Points(data, d), options);

    // Fits that fail or find no end, of full and tied covariances.
    private static int Determined(Regularization? regularization, bool isSingle)
    {
        var endless = 0;
        for (var seed = 0; seed < HostileCases.Count(Usual) / 3; seed++)
        {
            var (rows, d) = DeterminedRows(seed);
            var options = new FitOptions
            {
                Components = 2,
                CovarianceType = seed % 2 == 0 ? CovarianceType.Full : CovarianceType.Tied,
                Regularization = regularization,
                MaxIterations = 300,
                Seed = seed,
            };
            endless += Fails(rows, d, isSingle, options) || !Fit(rows, d, isSingle, options).Converged ? 1 : 0;
        }
        return endless;
    }

    // Two free columns, one in another unit, their sum and dummies of three categories; two clusters, or a few points of ten times the spread; without
    // and with an offset; without and with 30 free columns and 30 sums of three of them.
    private static (double[] Rows, int D) DeterminedRows(int seed)
    {
        var random = new Random(seed);
        var (isUnequal, offset, more) = (seed % 3 == 1, seed % 5 == 2 ? 1e3 : 0, seed % 7 == 3 ? 30 : 0);
        var rows = new List<double>();
        for (var i = 0; i < 300 + 5 * more; i++)
        {
            var (spread, apart) = isUnequal ? (i % 50 == 0 ? 10 : 1, 0) : (1, 2 * (i % 2));
            double Z() => spread * SpdMatrix.StandardNormal(random);
            var (a, b, site) = (offset + Z() + apart, offset + Z(), random.Next(3));
            rows.AddRange([a, b, 2.54 * a, a + b, site == 0 ? 1 : 0, site == 1 ? 1 : 0, site == 2 ? 1 : 0]);
            double[] free = [.. Enumerable.Range(0, more).Select(_ => Z())];
            rows.AddRange(free);
            rows.AddRange(Enumerable.Range(0, more).Select(j => free[j] + free[(j + 1) % more] - free[(j + 7) % more]));
        }
        return ([.. rows], 7 + 2 * more);
    }

    // Counts and amounts with many zeros beside normal columns: components that end on one value of a column.
    private static int Repeated(Regularization? regularization)
    {
        var components = 0;
        for (var seed = 0; seed < HostileCases.Count(Usual) / 3; seed++)
        {
            var random = new Random(seed);
            double[] rows = [.. Enumerable.Range(0, 300).SelectMany(i => (double[])
                [SpdMatrix.StandardNormal(random) + 3 * (i % 3), random.NextDouble() < 0.6 ? 0 : Math.Exp(SpdMatrix.StandardNormal(random)), random.Next(6)])];
            var fit = MixtureFit.Fit(new Points(rows, 3), new FitOptions { Components = 3, Regularization = regularization, Seed = seed });
            components += fit.Components.Count(component => component.RegularizationShare > 0.5);
        }
        return components;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks that the language settings of the system change nothing. This program is built without languages, so it starts itself again with those
/// of the system: there a comma is the decimal separator, and in Turkish "diag" in capitals has a dot.
/// </summary>
public class CultureTests
{
    internal const string InChild = "GMM_TESTS_CULTURE";

    public static TheoryData<string> Languages => SlowTests.AreOn ? ["de_DE.UTF-8", "tr_TR.UTF-8"] : ["tr_TR.UTF-8"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void MessagesAndFilesAreTheSameInEveryLanguage(string language)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(InChild) is not null, "already in a child");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the language is set as Linux does it");
        var file = Path.GetTempFileName();
        try
        {
            Child.Run(
                [
                    ("LC_ALL", language), ("LANG", language), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"),
                    ("DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY", "0"), (InChild, file),
                ],
                typeof(CultureChild), typeof(FitOptionsTests), typeof(ModelTests), typeof(JsonErrorTests), typeof(FitWarningTests),
                typeof(LostDigitsTests));
            Assert.Equal($"{language[..2]}-{language[3..5]} {HashOfTexts()}", File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A minus of another character, as in Swedish, and one with marks that nobody sees, as in Arabic and Persian.</summary>
    [Theory]
    [InlineData("\u2212")]
    [InlineData("\u061C-")]
    [InlineData("\u200E\u2212")]
    public void RefusalsAreTheSameWithEveryMinus(string minus)
    {
        string[] expected = [.. Refusals()];
        Assert.Contains("dimensions[0] is -5; different ones from 0 to 1 are required (Parameter 'dimensions')", expected);
        Assert.Contains("Communicator.Rank is -5; 0 to 0 is required (Parameter 'Communicator.Rank')", expected);
        Assert.Contains("Communicator.Rank is 1; 0 to 0 is required (Parameter 'Communicator.Rank')", expected);
        Assert.Contains("Communicator.Count is -5; at least 1 is required (Parameter 'Communicator.Count')", expected);
        Assert.All(expected, message => Assert.DoesNotContain("was not refused", message, StringComparison.Ordinal));
        var before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NegativeSign, other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NaNSymbol) = (minus, ",", "?");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, Refusals());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // What callers can pass that is negative, no number, or no name of an enumeration.
    private static IEnumerable<string> Refusals()
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 2, [0.5, 0.5], [0, 0, 9, 9], [1, 2]);
        double[] rows = [0, 0, 1, 1, 9, 9, 8, 8];
        var options = new FitOptions { Components = 1 };
        FitResult Fit(FitOptions changed) => MixtureFit.Fit(new Points(rows, 2), changed);
        SelectionResult Select(SelectionOptions changed) => ModelSelection.Run(new Points(rows, 2), changed);
        var round = FitRound.Load(new MemoryStream(Encoding.UTF8.GetBytes(model.ToJson())));
        using var stepper = new EmStepper(model);
        Action[] wrong =
        [
            () => model.Marginal([-5]), () => model.Conditional([-5]), () => model.Reorder([-5, 0]), () => model.Mean(-5), () => model.Variance(0, -5),
            () => model.Covariance(-5, 0, 0), () => model.WithMissingValues((MissingValues)(-5)), () => model.DensityQuantile(-5.5), () => model.Conditional([0]).At([double.NaN]),
            () => model.Score(new Source(), (Gmm.Fast.Scores)(-8), _ => { }), () => model.TotalLogLikelihood(new NegativeSource(2)),
            () => model.LogDensities(new Points(rows, 2), new double[4], -5),
            () => new GaussianMixture((CovarianceType)(-5), 1, [1], [0], [1]), () => new GaussianMixture(CovarianceType.Full, -5, [1], [0], [1]),
            () => new GaussianMixture(CovarianceType.Full, 1, [-1.5], [0], [1]), () => new Points(rows, -5), () => StopRule.MeanChange(-5.5), () => ComponentOrder.ByMean(-5),
            () => Fit(options with { Components = -5 }), () => Fit(options with { CovarianceType = (CovarianceType)(-5) }), () => Fit(options with { OnCollapse = (CollapsePolicy)(-5) }),
            () => Fit(options with { Acceleration = (Acceleration)(-5) }), () => Fit(options with { Start = (StartMethod)(-5) }), () => Fit(options with { Skipping = (Skipping)(-5) }),
            () => Fit(options with { Duplicates = (Duplicates)(-5) }), () => Fit(options with { MissingValues = (MissingValues)(-5) }), () => Fit(options with { TimeBudget = TimeSpan.FromSeconds(-1.5) }),
            () => Fit(options with { Progressive = (Progressive)(-5) }), () => Fit(options with { PackingBudget = -5 }), () => Fit(options with { ResponsibilityCutoff = -0.5 }),
            () => Fit(options with { Communicator = new Alone(-5, 1) }), () => Fit(options with { Communicator = new Alone(0, -5) }), () => Fit(options with { Communicator = new Alone(1, 1) }),
            () => Select(new SelectionOptions { Components = [-5] }), () => Select(new SelectionOptions { Criterion = (SelectionCriterion)(-5) }),
            () => Select(new SelectionOptions { CovarianceTypes = [(CovarianceType)(-5)] }), () => Select(new SelectionOptions { Folds = -5, Criterion = SelectionCriterion.CrossValidation }),
            () => round.Expect(new Source(), -5, 4), () => round.Maximize([], -5), () => PointPart.Of<double>(-5, 2, 0, 1), () => PointPart.Of<double>(4, 2, -5, 1),
            () => stepper.Maximize(stepper.CreateStatistics()), () => stepper.CreateStatistics().Scale(-5.5), () => stepper.CreateStatistics().Recenter([double.NaN, 0, 0, 0]),
            () => StopNames.Of((StopKind)(-5)), () => CollapseNames.Of((CollapsePolicy)(-5)), () => AccelerationNames.Of((Acceleration)(-5)), () => FitStatusNames.Of((FitStatus)(-5)),
            () => SelectionNames.Of((SelectionCriterion)(-5)), () => SelectionNames.Of((SelectionStatus)(-5)), () => SelectionNames.Of((SelectionEvidence)(-5)), () => CovarianceNames.Of((CovarianceType)(-5)),
        ];
        return [.. wrong.Select((action, i) => Record.Exception(action) is ArgumentException e ? e.Message : $"action {i} was not refused")];
    }

    private sealed class Alone(int rank, int count) : ICommunicator
    {
        public int Rank => rank;

        public int Count => count;

        public void AllReduce(Span<double> values)
        {
        }
    }

    private sealed class Source : PointSource<double>
    {
        public override long PointCount => 4;

        public override int Dimension => 2;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            scratch[..(2 * count)].Clear();
            return scratch[..(2 * count)];
        }
    }

    /// <summary>Every text that the library makes of numbers and names, as one number.</summary>
    internal static string HashOfTexts()
    {
        var text = new StringBuilder();
        foreach (var type in Layout.CovarianceTypes)
        {
            var fit = Blobs.Build(seed: 6, n: 200, d: 2, k: 2, type, separation: 1.5).Fit(6, regularization: 1e-3);
            using var stream = new MemoryStream();
            fit.Save(stream);
            stream.Position = 0;
            Measures.SameBits(fit.Model, GaussianMixture.Load(stream));
            text.Append(fit.Model.ToJson()).Append(Encoding.UTF8.GetString(stream.ToArray()));
        }
        double[] twins = [.. Enumerable.Repeat(-1.5, 20), .. Enumerable.Repeat(9.25, 20)];
        var plain = new FitOptions { Components = 2, Regularization = 0, MaxIterations = 1000, Stop = StopRule.FixedCount };
        var collapsed = MixtureFit.Fit(new Points(twins, 1), plain);
        text.Append(collapsed.Failure);
        text.AppendJoin('\n', MixtureFit.Fit(new Points(twins, 1), plain with { Regularization = 1.5e-6 }).Warnings);
        text.AppendJoin('\n', MixtureFit.Fit(new Points(twins, 1), plain with { InitialModel = collapsed.Model, OnCollapse = CollapsePolicy.Keep }).Recoveries);
        Refuse(() => MixtureFit.Fit(new Points(twins, 1), plain with { Regularization = -0.5 }));
        Refuse(() => MixtureFit.Fit(new Points(twins, 1), plain with { VarianceFloor = 1.5 }));
        Refuse(() => MixtureFit.Fit(new Points([1, double.NegativeInfinity], 1), plain));
        Refuse(() => StopRule.TotalRise(-1.5));
        text.AppendJoin('\n', Refusals());
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Refuse(Action action) => text.Append(Assert.ThrowsAny<ArgumentException>(action).Message);
    }
}

/// <summary>Holds the tests that <see cref="CultureTests"/> runs in a process of its own.</summary>
public class CultureChild
{
    [Fact]
    public void TheSettingsAreThoseOfALanguage()
    {
        var file = Environment.GetEnvironmentVariable(CultureTests.InChild);
        Assert.SkipWhen(file is null, "run by CultureTests");
        var culture = CultureInfo.CurrentCulture;
        Assert.Equal("1,5", 1.5.ToString(culture));
        Assert.Equal(culture.Name == "tr-TR" ? "D\u0130AG" : "DIAG", "diag".ToUpper(culture));
        File.WriteAllText(file!, $"{culture.Name} {CultureTests.HashOfTexts()}");
    }
}

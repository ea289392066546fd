using CsCheck;
using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Checks exact arithmetic: known constants to 70 digits, laws of arithmetic, and golden values of a program of another language.</summary>
public class OracleTests
{
    [Theory]
    [InlineData("-50", "1.92874984796391778301734281652701257475283265123026291089780910382051162498e-22")]
    [InlineData("1e-30", "1.00000000000000000000000000000100000000000000000000000000000050000000000000")]
    [InlineData("0.1", "1.10517091807564762481170782649024666822454719473751871879286328944096796675")]
    [InlineData("700", "1.01423205473500450945532959523126761520467957224307334878053628124935170251e304")]
    public void ExponentialsAreKnownToSeventyDigits(string x, string expected) => Close(expected, BigReal.Exp(BigReal.Parse(x)));

    [Theory]
    [InlineData("2", "0.69314718055994530941723212145817656807550013436025525412068000949339362196969471560586332699641868")]
    [InlineData("10", "2.30258509299404568401799145468436420760110148862877297603332790096757260968")]
    [InlineData("3e-300", "-689.676915609545595514002191168386736575682956030809143358263675956634288610")]
    [InlineData("1.0009765625", "0.000976085973055458895960824908017186672611834333784536237758598274400372124026")]
    [InlineData("0.7", "-0.356674943938732378912638711241184477964016759046911787573937751029992746925")]
    public void LogarithmsAreKnownToSeventyDigits(string x, string expected) => Close(expected, BigReal.Log(BigReal.Parse(x)));

    [Theory]
    [InlineData("2", "1.41421356237309504880168872420969807856967187537694807317667973799073247846")]
    [InlineData("1e-301", "3.16227766016837933199889354443271853371955513932521682685750485279259443864e-151")]
    [InlineData("3e40", "173205080756887729352.744634150587236694280525381038062805580697945193301691")]
    public void RootsAreKnownToSeventyDigits(string x, string expected) => Close(expected, BigReal.Sqrt(BigReal.Parse(x)));

    [Fact]
    public void PiIsKnownToSeventyDigits() =>
        Close("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899", BigReal.Pi);

    [Fact]
    public void DoublesGoInAndOutUnchanged() => Gen.Double.Where(double.IsFinite).Sample(x => Assert.Equal(x, (double)(BigReal)x));

    [Fact]
    public void ArithmeticOfDoublesRoundsAsTheProcessorDoes() => Gen.Select(Gen.Double[-1e9, 1e9], Gen.Double[-1e-9, 1e9]).Sample((x, y) =>
    {
        Assert.Equal(x + y, (double)((BigReal)x + y));
        Assert.Equal(x - y, (double)((BigReal)x - y));
        Assert.Equal(x * y, (double)((BigReal)x * y));
        if (y != 0) Assert.Equal(x / y, (double)((BigReal)x / y));
        Assert.Equal(Math.Sqrt(Math.Abs(x)), (double)BigReal.Sqrt(Math.Abs(x)));
        Assert.Equal(x.CompareTo(y), ((BigReal)x).CompareTo(y));
    });

    [Fact]
    public void LogarithmAndRootAreInverses() => Gen.Double[1e-300, 1e300].Sample(x =>
    {
        var error = BigReal.Exp(BigReal.Log(x)) / x - 1;
        Assert.True(BigReal.Abs(error) < 1e-65, $"exp ln {x:R}: {error}");
        var root = BigReal.Sqrt(x);
        Assert.True(BigReal.Abs(root * root / x - 1) < 1e-70);
    }, iter: 500);

    public static TheoryData<string, string> ShortGoldenRuns()
    {
        var runs = new TheoryData<string, string>();
        foreach (var golden in GoldenCase.AllNames.Select(GoldenCase.Load).Where(golden => golden.N * golden.K * golden.D * golden.D <= 6000))
        {
            foreach (var run in golden.Runs.Where(run => run.Expected.Iterations <= 12)) runs.Add(golden.Name, run.Id);
        }
        return runs;
    }

    [Theory]
    [MemberData(nameof(ShortGoldenRuns))]
    public void StepsGiveTheGoldenValuesToTheLastDigit(string name, string runId)
    {
        // The golden numbers are exact ones rounded to doubles: half a unit in the last place is all that may be left.
        var golden = GoldenCase.Load(name);
        var expected = golden.Run(runId).Expected;
        var mixture = ExactMixture.From(golden.CovarianceType, golden.InitWeights, golden.InitMeans, golden.InitCovariances);
        mixture = mixture.Fit(golden.Data, expected.Iterations, golden.RegCovar);
        Assert.InRange(ExactErrors.Of(mixture, expected.Weights, expected.Means, expected.Covariances).Largest, 0, 2e-16);
        Assert.InRange(ExactErrors.OfLogLikelihood(mixture.EStep(golden.Data), expected.TotalLogLikelihood), 0, 2e-16);
    }

    [Fact]
    public void TruncationChangesNothingBeyondRounding() => Gen.Select(Gen.OneOf(Layout.CovarianceTypes.ToArray()), Gen.Double[0, 20], Gen.Int[0, 1 << 20]).Sample((type, separation, seed) =>
    {
        var problem = Blobs.Build(seed, n: 30, d: 2, k: 3, type, separation);
        var truncated = ExactMixture.From(problem).EStep(problem.Data);
        var whole = ExactMixture.From(problem.CovarianceType, problem.Weights, problem.Means, problem.Covariances, truncates: false).EStep(problem.Data);
        for (var n = 0; n < problem.N; n++)
        {
            for (var k = 0; k < problem.K; k++)
                Assert.True(BigReal.Abs(truncated.Responsibilities[n][k] - whole.Responsibilities[n][k]) < Math.ScaleB(problem.K, -64));
        }
    }, iter: 60);

    [Fact]
    public void AnErrorIsSeenWhereverItIs()
    {
        var problem = Blobs.Build(seed: 5, n: 20, d: 2, k: 2);
        var exact = ExactMixture.From(problem);
        Assert.Equal(0, ExactErrors.Of(exact, problem.Weights, problem.Means, problem.Covariances).Largest);
        for (var i = 0; i < 2; i++) Assert.True(ExactErrors.Of(exact, Changed(problem.Weights, i), problem.Means, problem.Covariances).Weights > 1e-10);
        for (var i = 0; i < 4; i++) Assert.True(ExactErrors.Of(exact, problem.Weights, Changed(problem.Means, i), problem.Covariances).Means > 1e-12);
        foreach (var i in (int[])[0, 2, 3, 4, 6, 7])
            Assert.True(ExactErrors.Of(exact, problem.Weights, problem.Means, Changed(problem.Covariances, i)).Covariances > 1e-12);
        Assert.Equal(double.PositiveInfinity, ExactErrors.Of(exact, [double.NaN, 1], problem.Means, problem.Covariances).Largest);
        var step = exact.EStep(problem.Data);
        Assert.True(ExactErrors.OfLogLikelihood(step, (double)step.LogLikelihood * (1 + 1e-9)) > 1e-10);

        static double[] Changed(double[] values, int index)
        {
            var copy = values.ToArray();
            copy[index] *= 1 + 1e-9;
            return copy;
        }
    }

    private static void Close(string expected, BigReal actual)
    {
        var exact = BigReal.Parse(expected);
        Assert.True(BigReal.Abs(actual - exact) < BigReal.Parse("2e-69") * BigReal.Abs(exact), $"{actual} is off by {(actual - exact) / exact}");
    }
}

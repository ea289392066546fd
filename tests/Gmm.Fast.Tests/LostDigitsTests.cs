using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks the messages for a column whose offset leaves no digits for its spread: they say so, and name regularization only where it helps.
/// </summary>
public class LostDigitsTests
{
    private const string Floats = " has no digits left for its spread: at 1e+08 numbers of single precision are 8 apart; center the data or use doubles";
    private const string Doubles = " has no digits left for its spread: at 1e+17 numbers of double precision are 16 apart; center the data";

    [Theory]
    [InlineData("full", "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is 0; ")]
    [InlineData("tied", "the shared covariance is not positive definite in iteration 1: pivot 1 is 0; ")]
    [InlineData("diag", "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is 0; ")]
    [InlineData("tied-diag", "the shared covariance is not positive definite in iteration 1: pivot 1 is 0; ")]
    public void ACollapseByRoundingIsNoMatterOfRegularization(string type, string cause)
    {
        var start = Far(type, 1e8, columns: 1);
        Assert.Equal($"{cause}dimension 1, counted from 0,{Floats}", MixtureFit.Fit(new Points(Measures.To<float>(start.Data), 2), start.Options(5)).Failure);
        var named = start.Options(5) with { ColumnNames = ["a", "b"] };
        Assert.Equal($"{cause}dimension 'b'{Floats}", MixtureFit.Fit(new Points(Measures.To<float>(start.Data), 2), named).Failure);
        start = Far(type, 1e17, columns: 1);
        Assert.EndsWith($"; dimension 1, counted from 0,{Doubles}", start.Fit(5).Failure);
    }

    [Theory]
    [InlineData("spherical", @"component 0 collapsed onto \d+(\.\d+)? identical points in iteration 1")]
    [InlineData("tied-spherical", "the shared covariance is not positive definite in iteration 1: pivot 0 is 0")]
    public void ASphereLosesItsVarianceWhenEveryColumnDoes(string type, string cause)
    {
        var start = Far(type, 1e8, columns: 2);
        var failure = MixtureFit.Fit(new Points(Measures.To<float>(start.Data), 2), start.Options(5)).Failure;
        Assert.Matches($@"^{cause}; dimension 0, counted from 0,{System.Text.RegularExpressions.Regex.Escape(Floats)}$", failure);
    }

    [Fact]
    public void AStartFromSuchDataIsRefusedInTheSameWords()
    {
        var options = new FitOptions { Components = 1, Regularization = 0 };
        var refusal = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(Measures.To<float>(Far("full", 1e8, 1).Data), 2), options));
        Assert.StartsWith($"the covariance of the data is singular: dimension 1, counted from 0,{Floats}; or, if it is constant, leave it out, or use Regularization > 0", refusal.Message);
        refusal = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(Far("full", 1e17, 1).Data, 2), options));
        Assert.StartsWith($"the covariance of the data is singular: dimension 1, counted from 0,{Doubles}; or, if it is constant", refusal.Message);
    }

    [Fact]
    public void WhereRegularizationHoldsTheComponentTheWarningSaysWhy()
    {
        var options = new FitOptions { Components = 1 };
        const string Start = "dimension 1, counted from 0, is constant, ";
        const string End = " in every point: it tells nothing apart; leave it out; if it should vary, it";
        Assert.Equal(
            new FitWarning(FitWarningKind.ConstantColumn, [], [1], Start + "1e+08" + End + Floats),
            Assert.Single(MixtureFit.Fit(new Points(Measures.To<float>(Far("full", 1e8, 1).Data), 2), options).Warnings));
        Assert.Equal(Start + "1e+17" + End + Doubles, Assert.Single(MixtureFit.Fit(new Points(Far("full", 1e17, 1).Data, 2), options).Warnings).Message);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(300)]
    [InlineData(1e8)]
    public void AConstantOrRepeatedPointsAreNotTakenForLostDigits(double constant)
    {
        // As doubles 1e8 has steps of 1.5e-8: the column is constant.
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 1);
        for (var i = 0; i < 50; i++) problem.Data[2 * i + 1] = constant;
        Assert.EndsWith("; use Regularization > 0, a simpler covariance type or fewer components", problem.Fit(5).Failure);
        var options = new FitOptions { Components = 1, Regularization = 0 };
        Assert.Contains("dimension 1, counted from 0, is ", Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(problem.Data, 2), options)).Message);
        Assert.EndsWith("in every point: it tells nothing apart; leave it out", Assert.Single(MixtureFit.Fit(new Points(problem.Data, 2), options with { Regularization = 1e-6 }).Warnings).Message);
    }

    // One cloud of unit variance about 0; the last columns about the offset.
    private static MixtureProblem Far(string type, double offset, int columns)
    {
        var problem = Blobs.Build(seed: 3, n: 500, d: 2, k: 1, type, condition: 1);
        var data = problem.Data.Select((x, i) => x / 100 + (i % 2 >= 2 - columns ? offset : 0)).ToArray();
        return problem with
        {
            Data = data,
            Means = [columns > 1 ? offset : 0, offset],
            Covariances = Layout.Compact(type, [[[1, 0], [0, 1]]]),
        };
    }
}

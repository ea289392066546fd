using Gmm.TestKit;

namespace Gmm.Fast.Tests.Selection;

/// <summary>
/// Checks that a selection finds the number of components that points were drawn from, on generated sets where BIC says so: where the fit that
/// starts at the truth has a smaller BIC than the best fits with other numbers of components.
/// </summary>
public class RecoveryTests
{
    // With GMM_SLOW=1, the 200 sets of the promise.
    private static readonly int s_sets = SlowTests.AreOn ? 200 : 10;

    [Fact]
    public void TheTrueNumberOfComponentsIsFoundWhereBicSaysSo()
    {
        var (decided, found) = (0, 0);
        for (var set = 0; set < s_sets; set++)
        {
            var k = 1 + set % 5;
            var type = Layout.CovarianceTypes[set % Layout.CovarianceTypes.Count];
            var problem = Blobs.Build(seed: 1000 + set, n: 150 + 75 * k, d: 1 + set % 3, k, type, separation: 5, condition: 4);
            var covarianceType = problem.Model().CovarianceType;
            var points = new Points(problem.Data, problem.D);
            var options = new SelectionOptions { Components = [.. Enumerable.Range(1, 6)], CovarianceTypes = [covarianceType] };
            var selection = ModelSelection.Run(points, options);
            var truth = MixtureFit.Fit(points, options.Fit with
            {
                Components = k,
                CovarianceType = covarianceType,
                InitialModel = problem.Model(),
            });
            if (!(truth.Bic < selection.Candidates.Where(candidate => candidate.IsComplete && candidate.Components != k).Min(candidate => candidate.Bic))) continue;
            decided++;
            if (selection.Best.Components == k) found++;
        }
        Assert.True(decided >= s_sets / 2, $"{decided} of {s_sets} sets are decided");
        Assert.True(found >= 0.95 * decided, $"{found} of {decided} sets are found");
    }
}

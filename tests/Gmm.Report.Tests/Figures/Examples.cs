using Gmm.Fast;
using Gmm.Report.Figures;
using Gmm.TestKit;

namespace Gmm.Report.Tests.Figures;

/// <summary>Mixtures, data and one figure of every kind.</summary>
internal static class Examples
{
    /// <summary>Two tilted components whose axes have very different scales.</summary>
    public static GaussianMixture Tilted { get; } = new(
        CovarianceType.Full, 2, [0.4, 0.6], [0, 0, 6, 3000], [1, 800, 800, 1_000_000, 2, -600, -600, 250_000], ["width", "price"]);

    public static GaussianMixture OneDimension { get; } = new(CovarianceType.Full, 1, [0.25, 0.75], [-2, 3], [0.25, 1], ["time"]);

    public static Subject Sampled(GaussianMixture model, int points, string name = "sample")
    {
        var rows = new double[points * model.Dimension];
        model.Sample(7, rows);
        return new(model, rows, null, name);
    }

    /// <summary>A spherical mixture on the corners of a cube.</summary>
    public static GaussianMixture Corners(int components, int dimension)
    {
        var means = new double[components * dimension];
        for (var i = 0; i < means.Length; i++) means[i] = 6 * ((i * 7 + i / dimension) % 5);
        var weights = new double[components];
        Array.Fill(weights, 1.0 / components);
        var variances = new double[components];
        Array.Fill(variances, 1);
        return new(CovarianceType.Spherical, dimension, weights, means, variances);
    }

    /// <summary>The notebook's data, fitted from its start for a number of iterations.</summary>
    public static (double[] Rows, FitResult Fit) Notebook(int iterations)
    {
        var golden = GoldenCase.Load("notebook");
        var start = new GaussianMixture(CovarianceType.Full, 2, golden.InitWeights, golden.InitMeans, golden.InitCovariances);
        return (golden.Data, MixtureFit.Fit(new Points(golden.Data, 2), new FitOptions
        {
            Components = 3,
            InitialModel = start,
            MaxIterations = iterations,
            Stop = StopRule.TotalRise(1e-4),
            Regularization = 0,
        }));
    }

    /// <summary>One figure of every kind, by name.</summary>
    public static IEnumerable<(string Name, FigureFile Figure)> All()
    {
        var plane = Sampled(Tilted, 300);
        var line = Sampled(OneDimension, 300);
        yield return ("components", Figure.Components(plane));
        yield return ("one dimension", Figure.Components(line));
        yield return ("matrix", Figure.Components(Sampled(Corners(3, 4), 200)));
        yield return ("progress", Figure.Progress(plane, [("Start", Tilted), ("End", Tilted)]));
        yield return ("progress, one dimension", Figure.Progress(line, [("Start", OneDimension), ("End", OneDimension)]));
        yield return ("responsibilities", Figure.Responsibilities(plane, [("Start", plane.Responsibilities()), ("End", plane.Responsibilities())]));
        yield return ("responsibilities, one dimension", Figure.Responsibilities(line, [("Only", line.Responsibilities())]));
        yield return ("log-likelihood", Figure.LogLikelihood([-500, -420, -400, -399, -398.5]));
        yield return ("model selection", Figure.ModelSelection([(1, 900, 880, 900), (2, 700, 660, 710), (3, 720, 655, 760)]));
    }
}

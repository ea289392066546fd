using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Describes a fit from given parameters in which a careless program loses digits.</summary>
/// <param name="Name">Also the name in docs/numerics.</param>
/// <param name="Start">Data and initial parameters.</param>
/// <param name="Iterations">Exactly so many.</param>
/// <param name="Regularization">Added to every variance.</param>
/// <param name="Collapses">The component whose covariance is singular in iteration 1 (0 for a shared one), or null for a fit that succeeds.</param>
public sealed record Situation(string Name, MixtureProblem Start, int Iterations = 1, double Regularization = 0, int? Collapses = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Start}";
}

/// <summary>Makes the situations, each for one covariance type. The same arguments give the same numbers.</summary>
internal static class Situations
{
    /// <summary>Two clusters 40 standard deviations apart, and a start as far from both as said, across the line between them.</summary>
    public static Situation FarStart(string type, double distance)
    {
        var start = TwoClusters(type, 40);
        return new Situation($"start {distance:g} sd away", start with { Means = Shifted(start.Means, 0, Math.Round(distance)) }, Iterations: 3);
    }

    /// <summary>Columns of unit variance far from zero: data and start are rounded there, as any data would be.</summary>
    public static Situation Offset(string type, params double[] offsets)
    {
        var start = Blobs.Build(seed: 101, n: 40, d: 3, k: 2, type, separation: 2, condition: 5);
        for (var j = 0; j < 3; j++) start = start with { Data = Shifted(start.Data, j, offsets[j], 3), Means = Shifted(start.Means, j, offsets[j], 3) };
        return new Situation($"offset {string.Join(' ', offsets.Select(x => x.ToString("g")))}", start, Iterations: 5);
    }

    /// <summary>Columns in other units.</summary>
    public static Situation Scaled(string type, params double[] scales)
    {
        var start = Blobs.Build(seed: 102, n: 40, d: 3, k: 2, type, separation: 2, condition: 5);
        var name = $"scales {string.Join(' ', scales.Select(x => x.ToString("g")))}";
        return new Situation(name, Scale(start, scales), Iterations: 5);
    }

    /// <summary>Twenty columns of the same variance: the determinant is its twentieth power.</summary>
    public static Situation Determinant(string type, double variance)
    {
        var start = Blobs.Build(seed: 103, n: 30, d: 20, k: 1, type, separation: 1, condition: 4);
        return new Situation($"variance {variance:g}, 20 columns", Scale(start, [.. Enumerable.Repeat(Math.Sqrt(variance), 20)]));
    }

    /// <summary>Densities of e^-500000 under every component at the start.</summary>
    public static Situation Underflow(string type)
    {
        var start = TwoClusters(type, 40);
        return new Situation("all densities underflow", start with { Means = Shifted(start.Means, 0, -1000) }, Iterations: 3);
    }

    /// <summary>One of two clusters a hundred thousand standard deviations away.</summary>
    public static Situation FarCluster(string type) => new("cluster 1e5 sd away", TwoClusters(type, 1e5), Iterations: 3);

    /// <summary>A component with one point: its covariance is the regularization alone.</summary>
    public static Situation OnePoint(string type)
    {
        var start = TwoClusters(type, 0);
        start.Data[0] = 1000;
        start.Means[2] = 990;
        return new Situation("component of one point", start, Iterations: 3, Regularization: 1e-3);
    }

    /// <summary>Three components, two of them the same in everything.</summary>
    public static Situation Identical(string type)
    {
        var two = TwoClusters(type, 3);
        return new Situation("identical components", two with
        {
            K = 3,
            Weights = [0.25, 0.25, 0.5],
            Means = [two.Means[0], two.Means[1], two.Means[0], two.Means[1], two.Means[2], two.Means[3]],
            Covariances = Layout.Compact(type, [.. Enumerable.Repeat(two.ExpandedCovariances[0], 3)]),
        }, Iterations: 5);
    }

    /// <summary>Points at the same distance from both components, and mirror images about that line.</summary>
    public static Situation Ties(string type)
    {
        var data = Enumerable.Range(0, 30).SelectMany(i => (double[])[(i % 5) - 2, Math.Sin(i) * ((i % 3) + 1)]).ToArray();
        return new Situation("ties", new MixtureProblem(30, 2, 2, type, data, [0.5, 0.5], [-1, 0.25, 1, 0.25], Unit(type, 2, 2)), Iterations: 5);
    }

    /// <summary>A component for every point.</summary>
    public static Situation OnePerPoint(string type)
    {
        var data = Enumerable.Range(0, 12).SelectMany(i => (double[])[100 * i, 7 * (i % 3)]).ToArray();
        double[] weights = [.. Enumerable.Repeat(1.0 / 12, 12)];
        return new Situation("K = N", new MixtureProblem(12, 2, 12, type, data, weights, Array.ConvertAll(data, x => x + 1), Unit(type, 12, 2)),
            Iterations: 2, Regularization: 0.5);
    }

    /// <summary>The second component's weight at the start.</summary>
    public static Situation Vanishing(string type, double weight)
    {
        var start = TwoClusters(type, 1) with { Weights = [1 - weight, weight] };
        return new Situation($"weight {weight:g}", start, Iterations: 3);
    }

    /// <summary>A cloud, and as many points again on one spot, far off; the second component starts there.</summary>
    public static Situation HalfIdentical(string type, double regularization)
    {
        var start = TwoClusters(type, 50);
        for (var i = 20; i < 40; i++) (start.Data[2 * i], start.Data[2 * i + 1]) = (50.1, 0.3);
        return new Situation($"half of the points identical, regularization {regularization:g}", start, 1, regularization, regularization > 0 ? null : 1);
    }

    /// <summary>A column of one number that no double holds.</summary>
    public static Situation ConstantColumn(string type, double regularization)
    {
        var start = TwoClusters(type, 3);
        for (var i = 0; i < 40; i++) start.Data[2 * i + 1] = 0.1;
        return new Situation($"constant column, regularization {regularization:g}", start, 1, regularization, regularization > 0 ? null : 0);
    }

    /// <summary>A third column that is the sum of the others, rounded.</summary>
    public static Situation Collinear(string type, double regularization)
    {
        var start = Blobs.Build(seed: 104, n: 40, d: 3, k: 2, type, separation: 1);
        for (var i = 0; i < 40; i++) start.Data[3 * i + 2] = start.Data[3 * i] + start.Data[3 * i + 1];
        return new Situation($"collinear columns, regularization {regularization:g}", start, 1, regularization, regularization > 0 ? null : 0);
    }

    /// <summary>Two components that share a needle of the condition number.</summary>
    public static Situation NearlySingular(string type, double condition)
    {
        // Largest axis along (1, 1): y = x + thin.
        var random = new Random(105);
        var thin = 1 / Math.Sqrt(condition);
        var data = new double[80];
        for (var i = 0; i < 40; i++)
        {
            data[2 * i] = SpdMatrix.StandardNormal(random) + (i < 20 ? 0 : 1);
            data[2 * i + 1] = data[2 * i] + 2 * thin * SpdMatrix.StandardNormal(random);
        }
        double[][] needle = [[1, 1], [1, 1 + 4 * thin * thin]];
        return new Situation($"condition {condition:g}",
            new MixtureProblem(40, 2, 2, type, data, [0.5, 0.5], [0, 0, 1, 1], Layout.Compact(type, [needle, needle])), Iterations: 3);
    }

    /// <summary>Cauchy variables.</summary>
    public static Situation HeavyTails(string type)
    {
        var random = new Random(106);
        var data = Enumerable.Range(0, 80).Select(_ => Math.Tan(Math.PI * (random.NextDouble() - 0.5))).ToArray();
        return new Situation("Cauchy variables", new MixtureProblem(40, 2, 2, type, data, [0.5, 0.5], [-1, 0, 1, 0], Unit(type, 2, 2)), 5, 1e-6);
    }

    /// <summary>One point a million standard deviations away, and no component near it.</summary>
    public static Situation Outlier(string type)
    {
        var start = TwoClusters(type, 3);
        start.Data[0] = 1e6;
        return new Situation("one outlier at 1e6", start, 5, 1e-6);
    }

    /// <summary>Twenty points of unit variance at the origin and twenty at the distance along the first axis; the start knows them, roughly.</summary>
    private static MixtureProblem TwoClusters(string type, double distance)
    {
        var random = new Random(107);
        var data = Enumerable.Range(0, 80).Select(i => SpdMatrix.StandardNormal(random) + (i is >= 40 && i % 2 == 0 ? distance : 0)).ToArray();
        return new MixtureProblem(40, 2, 2, type, data, [0.5, 0.5], [-0.5, 0.25, distance + 0.5, 0], Unit(type, 2, 2));
    }

    private static double[] Unit(string type, int k, int d)
    {
        var unit = Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => i == j ? 1.0 : 0).ToArray()).ToArray();
        return Layout.Compact(type, [.. Enumerable.Repeat(unit, k)]);
    }

    private static double[] Shifted(double[] rows, int column, double offset, int columns = 2) =>
        [.. rows.Select((x, i) => i % columns == column ? x + offset : x)];

    private static MixtureProblem Scale(MixtureProblem problem, double[] scales)
    {
        double[] Columns(double[] rows) => [.. rows.Select((x, i) => x * scales[i % problem.D])];
        var matrices = problem.ExpandedCovariances.Select(s => s.Select((row, i) => row.Select((x, j) => x * scales[i] * scales[j]).ToArray()).ToArray());
        return problem with { Data = Columns(problem.Data), Means = Columns(problem.Means), Covariances = Layout.Compact(problem.CovarianceType, [.. matrices]) };
    }
}

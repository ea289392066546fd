using Gmm.TestKit;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Takes values out of the data of problems.</summary>
internal static class GapProblem
{
    /// <summary>Takes each value out with a probability.</summary>
    public static MixtureProblem WithGaps(this MixtureProblem problem, double missing, int seed = 1)
    {
        var random = new Random(seed);
        return problem with { Data = [.. problem.Data.Select(x => random.NextDouble() < missing ? double.NaN : x)] };
    }

    /// <summary>Gives each point one of some patterns, the first of which has all dimensions, and no other the same.</summary>
    public static MixtureProblem WithPatterns(this MixtureProblem problem, int patterns, int seed = 1)
    {
        var random = new Random(seed);
        var masks = new HashSet<int> { (1 << problem.D) - 1 };
        while (masks.Count < patterns) masks.Add(random.Next(1, 1 << problem.D));
        var list = masks.ToArray();
        var data = problem.Data.ToArray();
        for (var i = 0; i < problem.N; i++)
        {
            var mask = list[i < list.Length ? i : random.Next(list.Length)];
            for (var j = 0; j < problem.D; j++)
            {
                if ((mask >> j & 1) == 0) data[i * problem.D + j] = double.NaN;
            }
        }
        return problem with { Data = data };
    }

    /// <summary>The options of fits with gaps from the problem's parameters.</summary>
    public static FitOptions GapOptions(this MixtureProblem problem, int iterations = 1, double regularization = 0, int threads = 1) =>
        problem.Options(iterations, regularization, threads) with { MissingValues = MissingValues.Marginalize };

    public static FitResult FitGaps(this MixtureProblem problem, int iterations = 1, double regularization = 0, int threads = 1) =>
        MixtureFit.Fit(new Points(problem.Data, problem.D), problem.GapOptions(iterations, regularization, threads));
}

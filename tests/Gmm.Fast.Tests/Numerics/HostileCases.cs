using System.Globalization;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Lists the seeds: a fixed number from 0 on. GMM_CASES=100000 gives more, the same in every test. GMM_SEED=5 begins there, so with GMM_CASES=1 it
/// repeats one case.
/// </summary>
internal static class HostileCases
{
    private static readonly int? s_count = Number("GMM_CASES");
    private static readonly int s_first = Number("GMM_SEED") ?? 0;

    /// <summary>Whether these are the draws that the project is known to hold for, so that counts of them can be asserted.</summary>
    public static bool AreUsual => s_count is null && s_first == 0;

    /// <summary>Gives the number of cases: that asked for, or a usual one.</summary>
    public static int Count(int usual) => s_count ?? usual;

    /// <summary>Checks case after case; failures name their seeds.</summary>
    /// <param name="usual">The number of seeds where nothing else was asked for.</param>
    /// <param name="draw">From a seed to a problem.</param>
    /// <param name="check">Throws for a failure.</param>
    public static void ForEach(int usual, Func<int, HostileProblem> draw, Action<HostileProblem> check)
    {
        const int Shown = 5;
        var (count, failures) = (s_count ?? usual, new List<string>());
        for (var seed = s_first; seed < s_first + count; seed++)
        {
            var problem = draw(seed);
            try
            {
                check(problem);
            }
            catch (Exception failure)
            {
                failures.Add($"{problem}\n{failure.Message}");
            }
        }
        Write($"seeds {s_first} to {s_first + count - 1}");
        if (failures.Count > 0)
            Assert.Fail($"{failures.Count} of {count} seeds, replayed by GMM_SEED=<seed> GMM_CASES=1, fail:\n{string.Join('\n', failures.Take(Shown))}");
    }

    /// <summary>To the output of the running test.</summary>
    public static void Write(FormattableString text) => TestContext.Current.TestOutputHelper?.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}

using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Checks that the file for other programs holds the numbers of the engine and of exact arithmetic.</summary>
public class CaseFileTests
{
    public static TheoryData<string> Types => Judge.Types;

    // GMM_CASE_FILES=folder: all iterations of every situation stay there, in a file for each type.
    [Theory]
    [MemberData(nameof(Types))]
    public void TheFileHoldsEverySituationToTheLastDigit(string type)
    {
        var folder = Environment.GetEnvironmentVariable("GMM_CASE_FILES");
        var file = CaseFile.Write(type, mostIterations: folder is null ? 1 : int.MaxValue);
        if (folder is not null) File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder).FullName, $"{type}.json"), file);

        var cases = CaseFile.Read(file);
        var situations = SituationSets.All(type);
        Assert.Equal(situations.Select(situation => situation.Name), cases.Select(read => read.Situation));
        foreach (var (situation, read) in situations.Zip(cases))
        {
            var start = situation.Start;
            Assert.Equal((type, start.N, start.D, start.K, situation.Regularization), (read.Type, read.N, read.D, read.K, read.Regularization));
            Measures.SameBits(start.Data, read.Data, $"{situation}: data");
            Measures.SameBits(start.Weights, read.Weights, $"{situation}: weights");
            Measures.SameBits(start.Means, read.Means, $"{situation}: means");
            Measures.SameBits(start.Covariances, read.Covariances, $"{situation}: covariances");
            Assert.Equal(situation.Collapses is null, read.Failure is null);
            Assert.Equal(situation.Collapses is null, read.Iterations.Length > 0);
        }
        var inSingle = cases.Where(read => read.FloatErrors is not null).Select(read => read.Situation);
        Assert.Equal(SituationSets.FittingInSingle(type).Select(situation => situation.Name), inSingle);
    }

    [Fact]
    public void APairOfDoublesIsAnExactNumber()
    {
        var situation = Situations.Offset("full", 0, 1e9, 0);
        var exact = ExactMixture.From(situation.Start).Step(situation.Start.Data, situation.Regularization);
        var pairs = CaseFile.Of(situation, 1).Iterations[0].Exact.Means;
        foreach (var (mean, pair) in exact.Means.SelectMany(mean => mean).Zip(pairs))
            Assert.True(BigReal.Abs((BigReal)pair[0] + pair[1] - mean) <= 1e-31 * BigReal.Abs(mean), $"{mean}: {pair[0]:R} + {pair[1]:R}");
    }
}

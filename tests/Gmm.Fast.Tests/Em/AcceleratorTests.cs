using Gmm.Fast.Families;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks that the loop takes proposals where the log-likelihood has not fallen, and that a refused one costs one pass.</summary>
public class AcceleratorTests
{
    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void RefusedProposalsCostOnePassEachAndLeaveThePlainStep(string type)
    {
        var problem = Blobs.Build(seed: 51, n: 900, d: 3, k: 3, type, separation: 1);
        var plain = Run(problem, 6, null, out var passes);
        Assert.Equal(7, passes);

        // Far from all points, and in every other iteration no covariance at all.
        var refused = new Proposals((_, _, proposal, t) =>
        {
            proposal.Means.Fill(1e3);
            if (t % 2 == 1) proposal.Covariances.Fill(-1);
        });
        var outcome = Run(problem, 6, refused, out passes);
        Measures.SameBits(plain.Trace, outcome.Trace, "trace");
        Measures.SameBits(new GaussianMixture(plain.Mixture, null), new GaussianMixture(outcome.Mixture, null));
        Assert.Equal(Enumerable.Repeat(false, 6), refused.Verdicts);
        Assert.Equal(7 + 3, passes);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TheProposalThatIsThePlainStepIsTakenAndCostsNothing(string type)
    {
        var problem = Blobs.Build(seed: 52, n: 900, d: 3, k: 3, type, separation: 1);
        var plain = Run(problem, 6, null, out _);
        var copies = new Proposals((_, step, proposal, _) => step.Theta.CopyTo(proposal.Theta, 0));
        var outcome = Run(problem, 6, copies, out var passes);
        Measures.SameBits(plain.Trace, outcome.Trace, "trace");
        Measures.SameBits(new GaussianMixture(plain.Mixture, null), new GaussianMixture(outcome.Mixture, null));
        Assert.Equal(Enumerable.Repeat(true, 6), copies.Verdicts);
        Assert.Equal(7, passes);
    }

    // Twice the step in free coordinates: over-relaxation, which is often right where components overlap.
    [Theory]
    [MemberData(nameof(Types))]
    public void LongerStepsNeverLowerTheLogLikelihood(string type)
    {
        var problem = Blobs.Build(seed: 53, n: 3_000, d: 2, k: 3, type, separation: 1);
        var longer = new Proposals((current, step, proposal, _) =>
        {
            step.Theta.CopyTo(proposal.Theta, 0);
            for (var i = 0; i < step.Means.Length; i++) proposal.Means[i] = 2 * step.Means[i] - current.Means[i];
            var free = step.Family.FreeNumbers(2);
            double[] from = new double[free], to = new double[free];
            for (var matrix = 0; matrix < step.Matrices; matrix++)
            {
                step.Family.ToCoordinates(current.CovarianceOf(matrix), 2, from);
                step.Family.ToCoordinates(step.CovarianceOf(matrix), 2, to);
                for (var i = 0; i < free; i++) to[i] = 2 * to[i] - from[i];
                step.Family.FromCoordinates(to, 2, proposal.CovarianceOf(matrix));
            }
        });
        var outcome = Run(problem, 15, longer, out _);
        for (var t = 1; t < outcome.Trace.Length; t++) Assert.True(outcome.Trace[t] >= outcome.Trace[t - 1] - 1e-9 * Math.Abs(outcome.Trace[0]), $"falls in iteration {t}");
        Assert.Contains(true, longer.Verdicts);
    }

    private static EmOutcome Run(MixtureProblem problem, int iterations, IAccelerator? accelerator, out int passes)
    {
        var initial = problem.Model().Mixture;
        var statistics = new SufficientStatistics(initial.Family.Type, problem.K, problem.D);
        var plan = ShardPlan.Alone<double>(problem.N, problem.D);
        using var team = new WorkTeam(1);
        unsafe
        {
            fixed (double* origin = problem.Data)
            {
                using var store = new BlockStore<double>(new MemoryPoints<double>(origin, problem.N, problem.D, problem.D), plan.Shape, 1 << 20, isWeighted: false);
                var sweep = new Sweep<double>(store, plan, statistics, new RankGroup(null), team, default);
                using var expectation = new Counted(new Expectation<double>(
                    sweep, BlockSteps.Soft<double>(initial.Family, LaneWidths.Widest), initial.Family.Form, problem.K, problem.D));
                var settings = new EmSettings(iterations, StopRule.FixedCount, CollapsePolicy.Fail, Ridge.Uniform(0, problem.D), new Wording(Vocabulary.Library, null), null);
                var maximization = new Maximization(initial.Parameters, Ridge.Uniform(0, problem.D), floor: null, team);
                var outcome = new EmLoop(expectation, maximization, statistics, initial, settings, accelerator).Run()!;
                passes = expectation.Passes;
                return outcome;
            }
        }
    }

    private sealed class Counted(IExpectation expectation) : IExpectation
    {
        public int Passes { get; private set; }

        public Precision Precision => expectation.Precision;

        public bool Run(Factored mixture, SufficientStatistics into)
        {
            Passes++;
            return expectation.Run(mixture, into);
        }

        public double? LogLikelihoodWithoutCutoff(Factored mixture) => expectation.LogLikelihoodWithoutCutoff(mixture);

        public void Dispose() => expectation.Dispose();
    }

    private sealed class Proposals(Action<Parameters, Parameters, Parameters, int> write) : IAccelerator
    {
        public List<bool> Verdicts { get; } = [];

        public bool TryPropose(Parameters current, Parameters plain, Parameters proposal)
        {
            plain.Theta.CopyTo(proposal.Theta, 0);
            write(current, plain, proposal, Verdicts.Count);
            return true;
        }

        public void Judge(bool isTaken) => Verdicts.Add(isTaken);

        public void Restart() => Assert.Fail("no component was recovered");

        public void Carry(StateCarrier state) => Assert.Fail("nothing is written");
    }
}

using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the two steps of EM that callers run one by one.</summary>
public class EmStepperTests
{
    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void ExpectAndMaximizeInTurnGiveTheBitsOfAFit(string type)
    {
        var problem = Blobs.Build(seed: 41, n: 3_000, d: 3, k: 3, type, separation: 1);
        var fit = problem.Fit(3, regularization: 1e-3);
        using var stepper = new EmStepper(problem.Model(), regularization: 1e-3);
        var statistics = stepper.CreateStatistics();
        for (var t = 0; t <= 3; t++)
        {
            if (t > 0) stepper.Maximize(statistics);
            stepper.Expect(new Points(problem.Data, 3), statistics);
            Assert.Equal(fit.Trace[t], statistics.LogLikelihood);
        }
        Measures.SameBits(fit.Model, stepper.Model);
    }

    // Stepwise EM (Cappe and Moulines, On-line expectation-maximization algorithm for latent data models, JRSS B 71, 2009): statistics of mini-batches,
    // forgotten with steps (t + 2)^-0.6.
    [Fact]
    public void AWrongComponentAndADisposedStepperSaySo()
    {
        var problem = Blobs.Build(seed: 1, n: 60, d: 2, k: 3);
        var stepper = new EmStepper(problem.Model());
        var statistics = stepper.CreateStatistics();
        stepper.Expect(new Points(problem.Data, 2), statistics);
        foreach (var k in (int[])[-1, 3, int.MaxValue])
        {
            foreach (Func<double> ask in (Func<double>[])[
                () => statistics.EffectiveCount(k), () => statistics.Center(k)[0], () => statistics.FirstMoment(k)[0], () => statistics.SecondMoment(k)[0]])
            {
                Assert.StartsWith($"k is {k}; 0 to 2 is required", Assert.Throws<ArgumentOutOfRangeException>(() => ask()).Message);
            }
        }
        stepper.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stepper.Expect(new Points(problem.Data, 2), statistics));
        Assert.Throws<ObjectDisposedException>(() => stepper.Maximize(statistics));
    }

    [Fact]
    public void StepwiseEmReachesTheOptimumOfBatches()
    {
        var problem = Blobs.Build(seed: 42, n: 20_000, d: 2, k: 3, separation: 8);
        var batch = MixtureFit.Fit(new Points(problem.Data, 2), new FitOptions { Components = 3, InitialModel = problem.Model(), Stop = StopRule.TotalRise(1e-8) });

        const int BatchPoints = 500;
        double[] away = [.. problem.Means.Select((m, i) => m + (i % 2 == 0 ? 0.7 : -0.7))];
        using var stepper = new EmStepper(new GaussianMixture(CovarianceType.Full, 2, problem.Weights, away, problem.Covariances));
        var (memory, now) = (stepper.CreateStatistics(), stepper.CreateStatistics());
        for (var t = 0; t < 400; t++)
        {
            stepper.Expect(new Points(problem.Data.AsSpan(t % 40 * BatchPoints * 2, BatchPoints * 2), 2), now);
            var step = t == 0 ? 1 : Math.Pow(t + 2, -0.6);
            memory.Recenter(now.AllCenters);
            memory.Scale(1 - step);
            now.Scale(step);
            memory.Add(now);
            stepper.Maximize(memory);
        }

        var reached = stepper.Model.TotalLogLikelihood(new Points(problem.Data, 2)) / problem.N;
        Assert.InRange(batch.MeanLogLikelihood - reached, 0, 2e-3);
        Assert.InRange(Distance.Of(batch.Model, stepper.Model).Largest, 0, 0.1);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void PartsAddUpToTheWholeAboutAnyCenters(string type)
    {
        var problem = Blobs.Build(seed: 43, n: 2_000, d: 3, k: 2, type, separation: 2);
        using var stepper = new EmStepper(problem.Model(), regularization: 0);
        var (whole, sum, part) = (stepper.CreateStatistics(), stepper.CreateStatistics(), stepper.CreateStatistics());
        stepper.Expect(new Points(problem.Data, 3), whole);
        double[] elsewhere = [.. problem.Means.Select((m, i) => m + 0.5 * i - 1)];
        sum.Recenter(elsewhere);
        foreach (var (first, end) in ((int, int)[])[(0, 700), (700, 701), (701, 2_000)])
        {
            stepper.Expect(new Points(problem.Data.AsSpan((3 * first)..(3 * end)), 3), part);
            part.Recenter(elsewhere);
            sum.Add(part);
        }
        Assert.Equal(2_000, sum.PointCount);
        Assert.InRange(Measures.Relative(whole.LogLikelihood, sum.LogLikelihood), 0, 1e-12);
        using var other = new EmStepper(problem.Model(), regularization: 0);
        stepper.Maximize(whole);
        other.Maximize(sum);
        Assert.InRange(Distance.Of(stepper.Model, other.Model).Largest, 0, 1e-11);

        // Twice every point is no other mixture.
        sum.Scale(2);
        Assert.Equal(4_000, sum.TotalWeight);
        other.Maximize(sum);
        Assert.InRange(Distance.Of(stepper.Model, other.Model).Largest, 0, 1e-11);
    }

    [Fact]
    public void WeightsAndFloatsAndSourcesAreTaken()
    {
        var problem = Blobs.Build(seed: 44, n: 1_000, d: 2, k: 2, separation: 2);
        using var stepper = new EmStepper(problem.Model());
        var (doubles, floats, weighted) = (stepper.CreateStatistics(), stepper.CreateStatistics(), stepper.CreateStatistics());
        stepper.Expect(new Points(problem.Data, 2), doubles);
        stepper.Expect(new Points(Measures.To<float>(problem.Data), 2), floats);
        stepper.Expect(new Points(problem.Data, 2).WithWeights([.. Enumerable.Repeat(3.0, 1_000)]), weighted);
        Assert.Equal((1_000, 1_000, 3_000), (doubles.TotalWeight, floats.TotalWeight, weighted.TotalWeight));
        Assert.InRange(Measures.Relative(doubles.LogLikelihood, floats.LogLikelihood), 0, 1e-5);
        Assert.InRange(Measures.Relative(3 * doubles.LogLikelihood, weighted.LogLikelihood), 0, 1e-12);
    }

    // Memory is kept for each shape of points; what was in it before changes nothing.
    [Fact]
    public void BatchesOfAllShapesInAnyOrderGiveTheBitsOfAFreshStepper()
    {
        var problem = Blobs.Build(seed: 46, n: 2_000, d: 2, k: 2, separation: 2);
        var floats = Measures.To<float>(problem.Data);
        double[] weights = [.. Enumerable.Range(0, 2_000).Select(i => i % 3 + 0.5)];
        using var stepper = new EmStepper(problem.Model(), maxDegreeOfParallelism: 2);
        var (kept, fresh) = (stepper.CreateStatistics(), stepper.CreateStatistics());
        foreach (var (count, kind) in ((int, int)[])[(500, 0), (400, 0), (2_000, 0), (500, 1), (500, 2), (1, 0), (2_000, 2), (500, 0), (2_000, 1), (400, 3)])
        {
            if (kind == 3)
            {
                // Neither points that are refused nor a canceled pass leave anything behind.
                Assert.ThrowsAny<ArgumentException>(() => stepper.Expect(new Points([1, 2, double.NaN, 4], 2), kept));
                Assert.ThrowsAny<OperationCanceledException>(
                    () => stepper.Expect(new Points(problem.Data, 2), kept, new CancellationToken(canceled: true)));
            }
            using var other = new EmStepper(problem.Model(), maxDegreeOfParallelism: 1);
            Expect(stepper, kept);
            Expect(other, fresh);
            Assert.Equal(fresh.Values, kept.Values);
            Assert.Equal(fresh.AllCenters, kept.AllCenters);

            void Expect(EmStepper by, SufficientStatistics into)
            {
                if (kind == 1) by.Expect(new Points(floats.AsSpan(0, 2 * count), 2), into);
                else if (kind == 2) by.Expect(new Points(problem.Data.AsSpan(0, 2 * count), 2).WithWeights(weights.AsSpan(0, count)), into);
                else by.Expect(new Points(problem.Data.AsSpan(0, 2 * count), 2), into);
            }
        }
    }

    // A source and its checks, and nothing that grows with points, dimensions or components.
    [Fact]
    public void AnotherBatchOfTheSameShapeTakesNoMemory()
    {
        var problem = Blobs.Build(seed: 47, n: 4_000, d: 8, k: 8, separation: 2);
        using var stepper = new EmStepper(problem.Model(), maxDegreeOfParallelism: 1);
        var statistics = stepper.CreateStatistics();
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            stepper.Expect(new Points(problem.Data, 8), statistics);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(least, 0, 400);
    }

    [Fact]
    public void MisuseIsRefusedWithTheReason()
    {
        var problem = Blobs.Build(seed: 45, n: 50, d: 2, k: 2);
        using var stepper = new EmStepper(problem.Model(), regularization: 0);
        var statistics = stepper.CreateStatistics();
        Refused("from has the sum of weights 0; more than 0 is required", () => stepper.Maximize(statistics));
        Refused("from has 3 components, 2 dimensions and 3 numbers per second moment; 2, 2 and 3 are required",
            () => stepper.Maximize(new SufficientStatistics(CovarianceType.Full, 3, 2)));
        Refused("into has 2 components, 2 dimensions and 1 numbers per second moment; 2, 2 and 3 are required",
            () => stepper.Expect(new Points(problem.Data, 2), new SufficientStatistics(CovarianceType.Spherical, 2, 2)));
        Refused("source has 5 dimensions; 2 are required", () => stepper.Expect(new Points(problem.Data, 5), statistics));
        Refused("points is empty; at least one is required", () => stepper.Expect(new Points([], 2), statistics));
        Refused("rows[1, 0] is NaN", () => stepper.Expect(new Points([1, 2, double.NaN, 4], 2), statistics));
        stepper.Expect(new Points([1.0, 2, 1, 2], 2), statistics);
        Refused("from: the covariance of component", () => stepper.Maximize(statistics));
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            for (var i = 0; i < statistics.Values.Length; i++)
            {
                var broken = stepper.CreateStatistics();
                stepper.Expect(new Points(problem.Data, 2), broken);
                broken.Values[i] = value;
                if (i == broken.Values.Length - 3 && value < 0) stepper.Maximize(broken);
                else Refused(FormattableString.Invariant($"from.Values[{i}] is {value}; finite sums are required"), () => stepper.Maximize(broken));
            }
        }
        Refused("factor is -1; a finite number of at least 0 is required", () => statistics.Scale(-1));
        Refused("centers has 3 values; 2 x 2 = 4 are required", () => statistics.Recenter([1, 2, 3]));
        Refused("other has moments about other centers; recenter one of the two first", () => stepper.CreateStatistics().Add(Elsewhere(stepper)));
        Refused("regularization is -1", () => new EmStepper(problem.Model(), regularization: -1));
        Assert.Throws<ArgumentNullException>(() => stepper.Maximize(null!));

        static SufficientStatistics Elsewhere(EmStepper stepper)
        {
            var statistics = stepper.CreateStatistics();
            statistics.Recenter([9, 9, 9, 9]);
            return statistics;
        }

        static void Refused(string message, Action action) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message);
    }
}

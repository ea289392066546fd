using Gmm.Fast.Tests.Gaps;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Selection;

/// <summary>Checks what a selection promises of its candidates, of the choice, and of the threads.</summary>
public class SelectionTests
{
    private static readonly SelectionOptions s_few = new()
    {
        Components = [1, 2, 3],
        CovarianceTypes = [CovarianceType.Full, CovarianceType.TiedDiagonal, CovarianceType.Spherical],
    };

    public static TheoryData<string> Kinds => ["double", "float", "weights", "gaps", "gaps and weights", "absolute regularization", "random points"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WithoutSplitsEachCandidateHasTheBitsOfAFitAlone(string kind)
    {
        var (source, fit) = Source(kind, s_few.Fit);
        var selection = Select(source, s_few with { SplitStarts = false, Fit = fit });
        Assert.Equal(9, selection.Candidates.Count);
        foreach (var candidate in selection.Candidates)
        {
            var alone = Fit(source, fit with { Components = candidate.Components, CovarianceType = candidate.CovarianceType });
            Assert.Equal(Saved(alone), Saved(candidate.Fit!));
            Assert.Equal(alone.Warnings.Select(warning => warning.Message), candidate.Fit!.Warnings.Select(warning => warning.Message));
            Assert.Equal(alone.Gaps?.PatternWork, candidate.Fit.Gaps?.PatternWork);
        }
        Assert.Equal(SelectionStatus.Completed, selection.Status);
    }

    [Fact]
    public void ComponentsOnTooFewPointsAreChosenLast()
    {
        // A component of one or two points has as large a likelihood as regularization allows.
        double[] heights = [1.8, 75, 1.75, 70.5, 1.9, 82, 1.6, 58, 1.72, 66, 1.85, 79];
        var selection = ModelSelection.Run(new Points(heights, 2), new SelectionOptions
        {
            Components = [1, 2, 3],
            CovarianceTypes = [CovarianceType.Diagonal],
        });
        var three = selection.Candidates.Single(candidate => candidate.Components == 3);
        Assert.True(three.UnsupportedComponents > 0 && three.Bic < selection.Best.Bic);
        Assert.Equal((1, 0), (selection.Best.Components, selection.Best.UnsupportedComponents));
        Assert.Null(selection.RunnerUp);
        Assert.Equal("all other candidates have components that their points do not support", selection.Verdict);
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-3)]
    [InlineData(1e-4)]
    public void ThinClustersOfManyPointsAreFound(double thickness)
    {
        var random = new Random(3);
        double[] rows =
        [
            .. Enumerable.Range(0, 150).SelectMany(_ => { var along = SpdMatrix.StandardNormal(random); return new[] { along, along + (thickness * SpdMatrix.StandardNormal(random)) }; }),
            .. Enumerable.Range(0, 150).SelectMany(_ => new[] { SpdMatrix.StandardNormal(random) + 6, SpdMatrix.StandardNormal(random) }),
        ];
        Assert.Equal((2, 0), Chosen(rows, 2, CovarianceType.Full));
    }

    [Fact]
    public void AnOutlierIsAComponentBesideASharedCovariance()
    {
        var random = new Random(4);
        Assert.Equal((2, 0), Chosen([.. Enumerable.Range(0, 200).Select(_ => SpdMatrix.StandardNormal(random)), 12], 1, CovarianceType.Tied));
        Assert.Equal((2, 0), Chosen([.. Enumerable.Range(0, 400).Select(_ => SpdMatrix.StandardNormal(random)), 12, 0], 2, CovarianceType.Tied));
    }

    private static (int Components, int Unsupported) Chosen(double[] rows, int dimension, CovarianceType type)
    {
        var best = ModelSelection.Run(new Points(rows, dimension), new SelectionOptions { Components = [1, 2, 3], CovarianceTypes = [type] }).Best;
        return (best.Components, best.UnsupportedComponents);
    }

    [Fact]
    public void OneCandidateIsAFit()
    {
        var problem = SelectionData.Problem(seed: 3);
        var fit = new FitOptions { Components = 3, DensityQuantiles = true };
        var selection = ModelSelection.Run(
            new Points(problem.Data, problem.D), new SelectionOptions { Components = [3], CovarianceTypes = [CovarianceType.Full], Fit = fit });
        Assert.Equal(Saved(MixtureFit.Fit(new Points(problem.Data, problem.D), fit)), Saved(selection.Fit));
        Assert.Null(selection.RunnerUp);
        Assert.True(double.IsNaN(selection.Lead));
        Assert.Equal("there is no other candidate to compare with", selection.Verdict);
    }

    [Theory]
    [InlineData(SelectionCriterion.Icl, "double")]
    [InlineData(SelectionCriterion.CrossValidation, "double")]
    [InlineData(SelectionCriterion.CrossValidation, "gaps and weights")]
    public void ThreadsDecideNothing(SelectionCriterion criterion, string kind)
    {
        var (source, fit) = Source(kind, s_few.Fit);
        SelectionResult Run(int threads) => Select(source, s_few with
        {
            Criterion = criterion,
            Folds = 3,
            Fit = fit with { MaxDegreeOfParallelism = threads, Restarts = 3, Start = StartMethod.RandomPoints },
        });
        var one = Run(1);
        foreach (var threads in (int[])[2, 4])
        {
            var more = Run(threads);
            Assert.Equal(one.Candidates.Select(Numbers), more.Candidates.Select(Numbers));
            Assert.Equal(Saved(one.Fit), Saved(more.Fit));
            Assert.Equal((one.Verdict, one.Lead, one.LeadStandardError), (more.Verdict, more.Lead, more.LeadStandardError));
        }
    }

    [Fact]
    public void SplitStartsOnlyImproveFits()
    {
        var (rows, dimension) = SelectionData.Faithful();
        var options = s_few with { Components = [1, 2, 3, 4, 5] };
        var (with, without) = (ModelSelection.Run(new Points(rows, dimension), options), ModelSelection.Run(new Points(rows, dimension), options with { SplitStarts = false }));
        var gains = with.Candidates.Zip(without.Candidates, (split, usual) => split.TotalLogLikelihood - usual.TotalLogLikelihood).ToArray();
        Assert.All(gains, gain => Assert.True(gain >= 0));
        Assert.Contains(gains, gain => gain > 1);
    }

    [Fact]
    public void TheCriteriaAreThoseOfTheFit()
    {
        var problem = SelectionData.Problem(seed: 4, separation: 2);
        var points = new Points(problem.Data, problem.D);
        var selection = ModelSelection.Run(points, s_few with { Criterion = SelectionCriterion.Icl });
        foreach (var candidate in selection.Candidates)
        {
            var (model, k) = (candidate.Fit!.Model, candidate.Components);
            var shares = new double[problem.N * k];
            model.Responsibilities(points, shares);
            var entropy = -shares.Where(share => share > 0).Sum(share => share * Math.Log(share));
            Assert.Equal(entropy, candidate.Entropy, 1e-9);
            Assert.Equal(candidate.Fit.Bic + 2 * entropy, candidate.Icl, 1e-8);
            Assert.Equal((candidate.Fit.Bic, candidate.Fit.Aic, model.FreeParameters), (candidate.Bic, candidate.Aic, candidate.FreeParameters));
        }
        Assert.Equal(selection.Candidates.Min(candidate => candidate.Icl), selection.Best.Icl);
        Assert.Equal(selection.Candidates.Select(candidate => candidate.Icl).Order().ElementAt(1), selection.RunnerUp!.Icl);
        Assert.Equal(selection.RunnerUp.Icl - selection.Best.Icl, selection.Lead);
    }

    [Theory]
    [InlineData("double")]
    [InlineData("gaps and weights")]
    public void HeldOutDensitiesAreThoseOfModelsFittedWithoutThem(string kind)
    {
        var (source, fit) = Source(kind, s_few.Fit);
        var selection = Select(source, s_few with { Criterion = SelectionCriterion.CrossValidation, Folds = 4, SplitStarts = false, Fit = fit });
        var folds = new Folds(4, fit.Seed);
        var parts = Parts(folds, 400);
        foreach (var candidate in selection.Candidates)
        {
            double weight = 0, squaredWeight = 0, sum = 0, squares = 0;
            for (var fold = 0; fold < folds.Count; fold++)
            {
                var model = Fit(
                    new FoldSource<double>((PointSource<double>)source, folds, fold, isHeldOut: false),
                    fit with { Components = candidate.Components, CovarianceType = candidate.CovarianceType }).Model;
                foreach (var (row, w, number) in Rows((PointSource<double>)source))
                {
                    if (parts[number] != fold || w == 0 || row.All(double.IsNaN)) continue;
                    var density = model.LogDensity(row);
                    (weight, squaredWeight, sum, squares) = (weight + w, squaredWeight + w * w, sum + w * density, squares + w * density * density);
                }
            }
            var mean = sum / weight;
            Assert.Equal(mean, candidate.HeldOutLogDensity, 1e-9);
            Assert.Equal(Math.Sqrt((squares / weight - mean * mean) / (weight * weight / squaredWeight - 1)), candidate.HeldOutStandardError, 1e-9);
        }
        Assert.Equal(selection.Candidates.Max(candidate => candidate.HeldOutLogDensity), selection.Best.HeldOutLogDensity);
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(23, 5)]
    [InlineData(7, 7)]
    [InlineData(1000, 3)]
    public void EveryRunOfPointsIsDealtAmongTheParts(int points, int count)
    {
        var parts = Parts(new Folds(count, seed: 7), points);
        for (var first = 0; first + count <= points; first += count) Assert.Equal(Enumerable.Range(0, count), parts[first..(first + count)].Order());
        Assert.All(Enumerable.Range(0, count), part => Assert.InRange(parts.Count(other => other == part), points / count, (points + count - 1) / count));

        // Whatever range is asked for.
        for (var first = 0; first < Math.Min(points, 2 * count); first++)
        {
            var some = new int[Math.Min(points - first, count + 2)];
            new Folds(count, seed: 7).Of(first, some);
            Assert.Equal(parts[first..(first + some.Length)], some);
        }
    }

    [Fact]
    public void SeedAndRunDecideHowPointsAreDealt()
    {
        var parts = Parts(new Folds(5, seed: 7), 10_000);
        Assert.NotEqual(parts, Parts(new Folds(5, seed: 8), 10_000));

        // Each place of a run falls into each part about as often.
        for (var place = 0; place < 5; place++)
        {
            for (var part = 0; part < 5; part++)
                Assert.InRange(Enumerable.Range(0, 2000).Count(run => parts[5 * run + place] == part), 330, 470);
        }
    }

    [Fact]
    public void TheStandardErrorDoesNotDependOnTheScaleOfWeights()
    {
        double[] values = [1, 2, 4, 8, 3], weights = [1, 0.5, 2, 1, 1];
        DensitySums Of(double factor) => values.Zip(weights).Aggregate(default(DensitySums), (sums, pair) => sums.With(factor * pair.Second, pair.First));
        Assert.Equal(Of(1).StandardError, Of(1e-3).StandardError, 1e-12);

        // Of equal weights, it is the one of the textbook.
        var equal = values.Aggregate(default(DensitySums), (sums, value) => sums.With(0.1, value));
        Assert.Equal(Math.Sqrt(values.Sum(value => (value - 3.6) * (value - 3.6)) / 4 / 5), equal.StandardError, 1e-12);
        Assert.True(double.IsNaN(default(DensitySums).With(3, 1).StandardError));
    }

    [Fact]
    public void InOneDimensionFormsThatAreTheSameAreNoRivals()
    {
        var problem = SelectionData.Problem(seed: 5, dimension: 1, components: 2);
        var selection = ModelSelection.Run(new Points(problem.Data, 1), new SelectionOptions
        {
            Components = [1, 2],
            CovarianceTypes = [CovarianceType.Diagonal, CovarianceType.Full, CovarianceType.Spherical, CovarianceType.Tied, CovarianceType.TiedDiagonal],
        });
        Assert.Equal(2, selection.Best.Components);
        var others = selection.Candidates.Where(candidate => candidate.Components != 2 || candidate.FreeParameters != selection.Best.FreeParameters).ToList();
        Assert.True(others.Count is 7 or 8);
        Assert.Equal(others.Min(candidate => candidate.Bic), selection.RunnerUp!.Bic);
        Assert.True(selection.Lead > 1e-3);
    }

    [Fact]
    public void OfOneComponentFormsThatAreTheSameAreNoRivals()
    {
        var problem = SelectionData.Problem(seed: 5);
        SelectionResult Run(params CovarianceType[] types) =>
            ModelSelection.Run(new Points(problem.Data, problem.D), new SelectionOptions { Components = [1], CovarianceTypes = types });
        var all = Run(Enum.GetValues<CovarianceType>());
        var values = all.Candidates.Select(candidate => candidate.Bic).Order().ToList();
        Assert.Equal(values[0], values[1], 1e-6);
        Assert.Equal((values[2], values[2] - values[0]), (all.RunnerUp!.Bic, all.Lead));
        Assert.Null(Run(CovarianceType.Full, CovarianceType.Tied).RunnerUp);
        Assert.NotNull(Run(CovarianceType.Full, CovarianceType.Diagonal).RunnerUp);
    }

    [Fact]
    public void PointsThatCannotBeFittedWithoutAPartAreSaidToBeSo()
    {
        // The second column has values in one part only.
        var problem = SelectionData.Problem(seed: 2, points: 60);
        var parts = Parts(new Folds(3, s_few.Fit.Seed), 60);
        for (var i = 0; i < 60; i++)
        {
            if (parts[i] != 1) problem.Data[2 * i + 1] = double.NaN;
        }
        var options = s_few with { Criterion = SelectionCriterion.CrossValidation, Folds = 3, Fit = s_few.Fit with { MissingValues = MissingValues.Marginalize } };
        var e = Assert.Throws<ArgumentException>(() => ModelSelection.Run(new Points(problem.Data, 2), options));
        Assert.StartsWith("no candidate could be fitted: 1 full and 8 more: without part 2 of 3: ", e.Message);
    }

    [Fact]
    public void CandidatesThatFailSayWhy()
    {
        // Three different points: two components have one of them, and as many components each, only with a variance added.
        double[] rows = [.. Enumerable.Range(0, 12).Select(i => (double)(i % 3 * (i % 3)))];
        var selection = ModelSelection.Run(new Points(rows, 1), new SelectionOptions
        {
            Components = [1, 2, 3, 13],
            CovarianceTypes = [CovarianceType.Full],
            Fit = new FitOptions { Components = 1, Regularization = 0, Seed = 1 },
        });
        var failed = selection.Candidates.Where(candidate => candidate.Failure is not null).ToList();
        Assert.Equal([2, 3, 13], failed.Select(candidate => candidate.Components));
        Assert.Matches(@"^component [0-2] collapsed onto 4 identical points in iteration \d+; use ", failed[0].Failure);
        Assert.Equal("Components is 13; the data have 12 points, and each component needs one to start from", failed[^1].Failure);
        Assert.All(failed, candidate => Assert.False(candidate.IsComplete));
        Assert.Null(failed[^1].Fit);
        Assert.True(double.IsNaN(failed[^1].Bic));
    }

    // Splits of fewer components would begin where no start does.
    [Fact]
    public void MoreComponentsThanPointsFailWhateverOthersAreTried()
    {
        var selection = ModelSelection.Run(new double[,] { { 1 }, { 2 }, { 4 }, { 8 }, { 9 } }, new SelectionOptions
        {
            Components = [4, 5, 6, 7],
            CovarianceTypes = [CovarianceType.Spherical],
        });
        Assert.Equal([6, 7], selection.Candidates.Where(candidate => candidate.Failure is not null).Select(candidate => candidate.Components));
    }

    [Fact]
    public void WhereAllFailTheReasonIsThrown()
    {
        var options = new SelectionOptions { Components = [4, 5], CovarianceTypes = [CovarianceType.Full] };
        var e = Assert.Throws<ArgumentException>(() => ModelSelection.Run(new double[,] { { 1 }, { 2 }, { 3 } }, options));
        Assert.StartsWith(
            "no candidate could be fitted: 4 full: Components is 4; the data have 3 points, and each component needs one to start from; 5 full: Components is 5;",
            e.Message);
    }

    [Fact]
    public void WhatIsWrongWithThePointsIsThrown()
    {
        var e = Assert.Throws<ArgumentException>(() => ModelSelection.Run(new double[,] { { 1, 2 }, { 3, double.NaN }, { 3, 1 } }, s_few));
        Assert.Equal(
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new double[,] { { 1, 2 }, { 3, double.NaN }, { 3, 1 } }, new FitOptions { Components = 1 })).Message,
            e.Message);
    }

    [Fact]
    public void ACanceledSelectionHasTheBestSoFar()
    {
        var problem = SelectionData.Problem(seed: 6);
        using var source = new CancellationTokenSource();
        var options = s_few with
        {
            SplitStarts = false,
            Fit = s_few.Fit with { MaxDegreeOfParallelism = 1 },
            Progress = new CancelAfter(4, source),
        };
        var selection = ModelSelection.Run(new Points(problem.Data, problem.D), options, source.Token);
        Assert.Equal(SelectionStatus.Cancelled, selection.Status);
        var complete = selection.Candidates.Where(candidate => candidate.IsComplete).ToList();
        Assert.Equal(4, complete.Count);
        Assert.Equal(complete.Min(candidate => candidate.Bic), selection.Best.Bic);
        Assert.All(selection.Candidates.Except(complete), candidate => Assert.Null(candidate.Failure));
    }

    [Fact]
    public void WhereNoFitHasEndedTheBestByBicIsTaken()
    {
        // Two fits without end side by side; each pass reads the points again.
        var problem = SelectionData.Problem(seed: 6, points: 3000);
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(problem.Data, problem.D) { CancelAfter = (2000 * 3000L, cancellation) };
        var selection = ModelSelection.Run(source, new SelectionOptions
        {
            Components = [3],
            CovarianceTypes = [CovarianceType.Spherical, CovarianceType.Full],
            Criterion = SelectionCriterion.Icl,
            Fit = new FitOptions { Components = 1, Stop = StopRule.FixedCount, MaxIterations = 1_000_000, PackingBudget = 0, MaxDegreeOfParallelism = 2 },
        }, cancellation.Token);
        Assert.Equal((SelectionStatus.Cancelled, SelectionCriterion.Bic), (selection.Status, selection.Criterion));
        Assert.All(selection.Candidates, candidate => Assert.Equal(FitStatus.Cancelled, candidate.Fit!.Status));
        Assert.Equal(CovarianceType.Full, selection.Best.CovarianceType);
        Assert.True(selection.Lead > 0);
    }

    [Fact]
    public void ACrossValidationThatIsCanceledChoosesByBic()
    {
        var problem = SelectionData.Problem(seed: 6);
        using var source = new CancellationTokenSource();
        var options = s_few with
        {
            SplitStarts = false,
            Criterion = SelectionCriterion.CrossValidation,
            Fit = s_few.Fit with { MaxDegreeOfParallelism = 1 },
            Progress = new CancelAfter(12, source),
        };
        var selection = ModelSelection.Run(new Points(problem.Data, problem.D), options, source.Token);
        Assert.Equal((SelectionStatus.Cancelled, SelectionCriterion.Bic), (selection.Status, selection.Criterion));
        Assert.Equal(selection.Candidates.Min(candidate => candidate.Bic), selection.Best.Bic);
    }

    [Fact]
    public void CanceledBeforeThereIsAModelItThrows()
    {
        var problem = SelectionData.Problem(seed: 6);
        Assert.Throws<OperationCanceledException>(() => ModelSelection.Run(
            new Points(problem.Data, problem.D), s_few, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void ProgressCountsEveryFit()
    {
        var problem = SelectionData.Problem(seed: 6);
        var seen = new Recorder();
        ModelSelection.Run(new Points(problem.Data, problem.D), s_few with
        {
            Criterion = SelectionCriterion.CrossValidation,
            Folds = 2,
            Progress = seen,
        });

        // Nine candidates with a start, six of them with splits too, on all points and on two parts.
        Assert.Equal(Enumerable.Range(1, 45), seen.Steps.Select(step => step.Done));
        Assert.All(seen.Steps, step => Assert.Equal(45, step.Total));
        Assert.Equal(TimeSpan.Zero, seen.Steps[^1].Remaining);
        Assert.All(seen.Steps, step => Assert.True(step.Remaining >= TimeSpan.Zero));
    }

    [Fact]
    public void ThePointsAreReadOnceForEachSurveyAndNotByFits()
    {
        var problem = SelectionData.Problem(seed: 8, points: 2000);
        var source = new CountingSource(problem.Data, problem.D);
        var one = s_few with { Components = [2], CovarianceTypes = [CovarianceType.Full], SplitStarts = false, Fit = s_few.Fit with { Start = StartMethod.RandomPoints } };
        ModelSelection.Run(source, one);
        var few = source.Read();
        ModelSelection.Run(source, one with { Components = [2, 3, 4, 5] });

        // Each candidate is read once more for its entropy.
        Assert.Equal(few + 3 * problem.N, source.Read());
    }

    private static int[] Parts(Folds folds, int points)
    {
        var parts = new int[points];
        folds.Of(0, parts);
        return parts;
    }

    private static object Numbers(SelectionCandidate candidate) => (
        candidate.Components, candidate.CovarianceType, candidate.TotalLogLikelihood, candidate.Entropy, candidate.HeldOutLogDensity,
        candidate.HeldOutStandardError, candidate.Failure, candidate.Fit is { } fit ? Saved(fit) : "");

    private static string Saved(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static (object Source, FitOptions Fit) Source(string kind, FitOptions fit)
    {
        var problem = SelectionData.Problem(seed: 2, points: 400);
        if (kind.StartsWith("gaps", StringComparison.Ordinal))
        {
            problem = SelectionData.Problem(seed: 2, points: 400, dimension: 3).WithGaps(0.2);
            fit = fit with { MissingValues = MissingValues.Marginalize };
        }
        if (kind == "absolute regularization") fit = fit with { Regularization = 1e-6 };
        if (kind == "random points") fit = fit with { Start = StartMethod.RandomPoints, Restarts = 2 };
        if (kind == "float") return (new FloatSource([.. problem.Data.Select(x => (float)x)], problem.D), fit);
        var weights = kind.Contains("weights", StringComparison.Ordinal) ? Enumerable.Range(0, problem.N).Select(i => i % 4 * 0.5).ToArray() : null;
        return (new CountingSource(problem.Data, problem.D, weights), fit);
    }

    private static SelectionResult Select(object source, SelectionOptions options) => source is PointSource<float> floats
        ? ModelSelection.Run(floats, options) : ModelSelection.Run((PointSource<double>)source, options);

    private static FitResult Fit(object source, FitOptions options) => source is PointSource<float> floats
        ? MixtureFit.Fit(floats, options) : MixtureFit.Fit((PointSource<double>)source, options);

    private static IEnumerable<(double[] Row, double Weight, long Number)> Rows(PointSource<double> source)
    {
        for (long i = 0; i < source.PointCount; i++)
        {
            var weight = new double[1];
            source.ReadWeights(i, weight);
            yield return (source.Read(i, 1, new double[source.Dimension]).ToArray(), weight[0], i);
        }
    }

    private sealed class CountingSource(double[] rows, int dimension, double[]? weights = null) : PointSource<double>
    {
        private long _read;

        public override long PointCount => rows.Length / dimension;

        public override int Dimension => dimension;

        public override bool HasWeights => weights is not null;

        // Cancels once so many points have been read.
        public (long Points, CancellationTokenSource Source)? CancelAfter { get; init; }

        // The number of points read since the last question.
        public long Read() => Interlocked.Exchange(ref _read, 0);

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            if (Interlocked.Add(ref _read, count) >= CancelAfter?.Points) CancelAfter?.Source.Cancel();
            return rows.AsSpan((int)first * dimension, count * dimension);
        }

        public override void ReadWeights(long first, Span<double> into)
        {
            if (weights is null) into.Fill(1);
            else weights.AsSpan((int)first, into.Length).CopyTo(into);
        }
    }

    private sealed class FloatSource(float[] rows, int dimension) : PointSource<float>
    {
        public override long PointCount => rows.Length / dimension;

        public override int Dimension => dimension;

        public override ReadOnlySpan<float> Read(long first, int count, Span<float> scratch) => rows.AsSpan((int)first * dimension, count * dimension);
    }

    private sealed class CancelAfter(int fits, CancellationTokenSource source) : IProgress<SelectionProgress>
    {
        public void Report(SelectionProgress value)
        {
            if (value.Done == fits) source.Cancel();
        }
    }

    private sealed class Recorder : IProgress<SelectionProgress>
    {
        public List<SelectionProgress> Steps { get; } = [];

        public void Report(SelectionProgress value) => Steps.Add(value);
    }
}

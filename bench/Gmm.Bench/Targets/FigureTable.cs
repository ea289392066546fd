namespace Gmm.Bench.Targets;

/// <summary>
/// The figures that are not a time per iteration: small fits, starts, scoring, the exponential, memory. Medians, and beside times the best: of the shortest
/// samples.
/// </summary>
internal sealed class FigureTable
{
    private const double MicrosecondsPerSmallIteration = 12;
    private const double MicrosecondsOfSetUp = 200;
    private const double IterationsOfSeeding = 3;
    private const double NanosecondsOfExp = 0.35;
    private const double MegabytesAboveData = 64;
    private const double ScoringOfStep = 1 / 0.8;

    private readonly MarkdownTable _table = new("figure", "shape", "threads", "measured", "target", "met", "best");

    public override string ToString() => _table.ToString();

    /// <summary>A fit so small that everything around the arithmetic shows.</summary>
    public void AddSmallFit()
    {
        const int Iterations = 20;
        const int Fits = 300;
        var problem = new Problem(CovarianceType.Full, 1_000, 3, 4);
        Timing.WarmUp(() => problem.Fit(Iterations, threads: -1));
        var (iterations, setUps) = (new List<double>(), new List<double>());
        for (var i = 0; i < Fits; i++)
        {
            var clock = new IterationClock();
            var whole = Timing.Seconds(() => problem.Fit(problem.Options(Iterations, threads: -1) with { Progress = clock }));
            iterations.Add(clock.SecondsPerIteration * 1e6);
            setUps.Add((whole - clock.Total) * 1e6);
        }
        Add($"one of {Iterations} iterations", iterations, MicrosecondsPerSmallIteration);
        Add("set-up: a whole fit less its iterations", setUps, MicrosecondsOfSetUp);

        void Add(string figure, List<double> microseconds, double most) =>
            AddMost(figure, "1000x3x4 full", "all", Timing.Median(microseconds), "f1", most, "us", microseconds.Min());
    }

    /// <summary>All that comes before the first sweep of a fit without an initial model, in iterations of the same fit.</summary>
    public void AddSeeding(TargetShape shape, int threads)
    {
        const int Rounds = 5;
        const int Iterations = 3;
        var problem = shape.Generate();
        Timing.WarmUp(() => Ratio());
        var ratio = Timing.Median(Enumerable.Range(0, Rounds).Select(_ => Ratio()));
        AddMost("start", $"{shape.Name} {shape.Type.ToString().ToLowerInvariant()}", $"{threads}", ratio, "f2", IterationsOfSeeding, "iterations");

        double Ratio()
        {
            var (start, run) = (new IterationClock(), new IterationClock());
            var whole = Timing.Seconds(() => problem.Fit(problem.Options(0, threads) with { InitialModel = null, Progress = start }));
            problem.Fit(problem.Options(Iterations, threads) with { Progress = run });
            return (whole - start.Total) / run.SecondsPerIteration;
        }
    }

    public void AddOnePoint(int dimension, int components, double mostNanoseconds)
    {
        const int Points = 1_000;
        var problem = new Problem(CovarianceType.Full, Points, dimension, components);
        var (model, responsibilities) = (problem.Initial, new double[components]);
        Add("LogDensity", model.LogDensity);
        Add("Responsibilities", point =>
        {
            model.Responsibilities(point, responsibilities);
            return responsibilities[0];
        });

        void Add(string name, Scoring score)
        {
            double[] seconds = Timing.SecondsPerCall(() =>
            {
                double sum = 0;
                for (var i = 0; i < Points; i++) sum += score(problem.Rows.AsSpan(i * dimension, dimension));
                GC.KeepAlive(sum);
            });
            AddMost(
                $"{name}, one point", $"{dimension}x{components} full", "1", Timing.Median(seconds) / Points * 1e9, "f0", mostNanoseconds, "ns",
                seconds.Min() / Points * 1e9);
        }
    }

    /// <summary>Scoring of many points beside the E-step of a block in cache: what packing, checking and copying out cost.</summary>
    public void AddManyPoints(int points, int dimension, int components)
    {
        var problem = new Problem(CovarianceType.Full, points, dimension, components);
        var (logDensities, responsibilities) = (new double[points], new double[points * components]);
        using var block = new KernelBlock(CovarianceType.Full, dimension, components);
        Add("LogDensities", () => problem.Initial.LogDensities(new Points(problem.Rows, dimension), logDensities));
        Add("Responsibilities", () => problem.Initial.Responsibilities(new Points(problem.Rows, dimension), responsibilities));

        void Add(string name, Action score)
        {
            var samples = Timing.SecondsInTurns(block.ExpectationStep, score);
            var (step, seconds) = (Timing.Median(samples.Select(sample => sample.First)), Timing.Median(samples.Select(sample => sample.Second)));
            var best = samples.Min(sample => sample.Second) / samples.Min(sample => sample.First);
            AddMost($"{name}, many points: {seconds / points / components * 1e9:f2} ns per point and component", $"{points}x{dimension}x{components} full", "1",
                seconds / points / (step / block.Points), "f2", ScoringOfStep, "of the E-step", best / points * block.Points);
        }
    }

    public void AddExp()
    {
        const int Count = 1024;
        const double Range = 44;
        double[] arguments = [.. Enumerable.Range(0, Count).Select(i => -Range * i / Count)];
        var results = new double[Count];
        double[] seconds = Timing.SecondsPerCall(() => LaneLoops.Exp(arguments, results));
        AddMost(
            "exp of the engine per element, below 1 ulp (LaneMathTests)", $"{Count}", "1", Timing.Median(seconds) / Count * 1e9, "f2", NanosecondsOfExp, "ns",
            seconds.Min() / Count * 1e9);
    }

    /// <summary>To be called before anything large was allocated: the peak of a process never falls.</summary>
    public void AddMemory()
    {
        const string Shape = "10000000x8x64";
        var problem = Problem.Parse(CovarianceType.Full, Shape);
        var allocations = new AllocationClock();
        var data = Machine.StatusMegabytes("VmRSS");
        problem.Fit(problem.Options(AllocationClock.Iterations, threads: 2) with { Progress = allocations });
        AddMost("peak memory above the data", $"{Shape} full", "2", Machine.StatusMegabytes("VmHWM") - data, "f0", MegabytesAboveData, "MB");
        AddMost("managed memory allocated per iteration", $"{Shape} full", "2", allocations.BytesPerIteration, "f0", 0, "bytes");
    }

    private void AddMost(string figure, string shape, string threads, double value, string format, double most, string unit, double? best = null) =>
        _table.Add(
            figure, shape, threads, $"{value.ToString(format)} {unit}", $"{most} {unit}", value <= most ? "yes" : "no",
            best is null ? "" : $"{best.Value.ToString(format)} {unit}");

    private delegate double Scoring(ReadOnlySpan<double> point);

    // From the second iteration on: in the first of a process the pools of arrays get their arrays.
    private sealed class AllocationClock : IProgress<IterationInfo>
    {
        public const int Iterations = 3;

        private readonly long[] _bytes = new long[Iterations + 1];

        public double BytesPerIteration => (_bytes[^1] - _bytes[1]) / (Iterations - 1.0);

        public void Report(IterationInfo value) => _bytes[value.Iteration] = GC.GetTotalAllocatedBytes(precise: true);
    }
}

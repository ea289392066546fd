namespace Gmm.Bench.Peers;

/// <summary>
/// peer DIR full|diag THREADS ITERS BUDGET_S OPS: this engine as one driver among those of other systems, measured as they are (bench/peers).
/// OPS is a comma list of em, score, point, init, fit.
/// </summary>
internal static class PeerCommand
{
    public static int Run(string[] args)
    {
        if (args is not [var folder, "full" or "diag", var threads, var iterations, var budget, var operations])
        {
            Console.Error.WriteLine("usage: peer DIR full|diag THREADS ITERS BUDGET_S OPS");
            return 2;
        }

        var data = PeerData.Read(folder, args[1] == "full" ? CovarianceType.Full : CovarianceType.Diagonal);
        var options = new FitOptions
        {
            Components = data.Start.ComponentCount,
            CovarianceType = data.Start.CovarianceType,
            InitialModel = data.Start,
            Stop = StopRule.FixedCount,
            Regularization = 1e-6,
            MaxDegreeOfParallelism = int.Parse(threads),
        };
        var measure = new PeerMeasure(double.Parse(budget));
        var wanted = operations.Split(',');
        var model = data.Start;
        if (wanted.Contains("em")) model = MeasureIterations(measure, data, options, int.Parse(iterations));
        else if (wanted.Contains("score") || wanted.Contains("point")) model = data.Fit(options with { MaxIterations = 2 }).Model;
        if (wanted.Contains("score")) MeasureScoring(measure, data, model);
        if (wanted.Contains("point")) MeasurePoint(data, model);
        if (wanted.Contains("init")) MeasureStart(measure, data, options);
        if (wanted.Contains("fit")) MeasureDefaultFit(measure, data, options);
        return 0;
    }

    private static GaussianMixture MeasureIterations(PeerMeasure measure, PeerData data, FitOptions options, int iterations)
    {
        var dataMegabytes = Machine.StatusMegabytes("VmRSS");
        FitResult? last = null;
        var (perIteration, whole, count) = measure.Iterations(iterations, n => last = data.Fit(options with { MaxIterations = n }));
        var peak = Machine.StatusMegabytes("VmHWM");
        PeerMeasure.Emit("em_ms_per_iter", perIteration, ("iters", count), ("ll", last!.MeanLogLikelihood), ("rss_mb", peak), ("rss_data_mb", dataMegabytes));
        PeerMeasure.Emit("fit_fixed_ms", whole, ("iters", count));
        return last.Model;
    }

    private static void MeasureScoring(PeerMeasure measure, PeerData data, GaussianMixture model)
    {
        var logDensities = new double[data.Points];
        var responsibilities = new double[data.Points * model.ComponentCount];
        PeerMeasure.Emit("score_samples_ms", measure.Operation(() => model.LogDensities(Points(), logDensities)));
        PeerMeasure.Emit("predict_proba_ms", measure.Operation(() => model.Responsibilities(Points(), responsibilities)));

        Points Points() => new(data.Rows, model.Dimension);
    }

    private static void MeasurePoint(PeerData data, GaussianMixture model)
    {
        const int WarmUpCalls = 1000;
        var responsibilities = new double[model.ComponentCount];
        var sum = 0.0;
        (string Metric, Action<int> Call)[] operations =
        [
            ("point_score_us", i => sum += model.LogDensity(data.Point(i))),
            ("point_proba_us", i => model.Responsibilities(data.Point(i), responsibilities)),
            ("point_predict_us", i => sum += model.Label(data.Point(i))),
        ];
        Timing.WarmUp(() =>
        {
            for (var i = 0; i < WarmUpCalls; i++) Array.ForEach(operations, operation => operation.Call(i % data.Points));
        });
        foreach (var (metric, call) in operations) PeerMeasure.Point(metric, data.Points, call);
        GC.KeepAlive(sum);
    }

    // What a fit does before its first sweep.
    private static void MeasureStart(PeerMeasure measure, PeerData data, FitOptions options)
    {
        var sweep = new IterationClock();
        double[] whole = measure.Operation(() => data.Fit(options with { InitialModel = null, MaxIterations = 0, Progress = sweep }));
        PeerMeasure.Emit("kmeans_init_ms", whole.Select(milliseconds => milliseconds - sweep.Total * 1e3));
    }

    private static void MeasureDefaultFit(PeerMeasure measure, PeerData data, FitOptions options)
    {
        var defaults = new FitOptions
        {
            Components = options.Components,
            CovarianceType = options.CovarianceType,
            Regularization = options.Regularization,
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
        };
        FitResult? last = null;
        double[] samples = measure.Operation(() => last = data.Fit(defaults), budgetScale: 3);
        PeerMeasure.Emit("default_fit_ms", samples, ("iters", last!.Iterations), ("ll", last.MeanLogLikelihood), ("converged", last.Converged));
    }
}

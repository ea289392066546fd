namespace Gmm.Bench;

/// <summary>
/// wide [SHAPE ...]: iterations on wide data, where factorizations count, and writes bench/results/CPU/wide.md. Beside them stand the products of the
/// E-step and the M-step alone at the speed of the kernels on 128 dimensions, the factorizations, and the diagnostics after a fit.
/// </summary>
internal static class WideCommand
{
    private const int KernelDimension = 128;
    private const int Iterations = 6;

    private static readonly string[] s_shapes = ["5000x256x16", "5000x784x10", "5000x2000x2", "5000x784x1"];

    public static int Run(string[] args)
    {
        var threads = Environment.ProcessorCount;
        var speed = threads * KernelSpeed();
        var table = new MarkdownTable("shape", "iteration ms", "products alone ms", "ratio", "factors ms", "diagnostics ms");
        foreach (var shape in args.Length > 0 ? args : s_shapes)
        {
            var sizes = Array.ConvertAll(shape.Split('x'), int.Parse);
            var (points, dimension, components) = (sizes[0], sizes[1], sizes[2]);
            var rows = Rows(points, dimension);
            var clock = new IterationClock();
            var options = new FitOptions
            {
                Components = components,
                Start = StartMethod.RandomPoints,
                Stop = StopRule.FixedCount,
                MaxIterations = Iterations,
                Progress = clock,
            };
            var fit = MixtureFit.Fit(new Points(rows, dimension), options);
            var products = 2.0 * points * components * dimension * dimension / speed;
            using var factors = new WideFactors(fit.Model, threads);
            var factoring = Enumerable.Range(0, Iterations).Min(_ => Timing.Seconds(factors.Run));
            var diagnostics = Timing.Seconds(() => _ = fit.Components[0].ConditionNumber);
            table.Add(shape, Milliseconds(clock.ShortestIteration), Milliseconds(products), $"{clock.ShortestIteration / products:f2}",
                Milliseconds(factoring), Milliseconds(diagnostics));
        }
        var text = $"""
            # Wide data

            {Machine.Processor}; {DateTime.UtcNow:yyyy-MM-dd}. {threads} threads, full covariances, points x features x components. The shortest of
            {Iterations} iterations. Products alone: 2 N K D^2 operations at the speed of the kernels on {KernelDimension} features, {speed / 1e9:f1}
            GFLOP/s for all threads; the ratio is the iteration over them. Factors: Cholesky factors and their inverses of all components, a part of
            the iteration. Diagnostics: condition numbers of all components, once per fit.

            {table}
            """;
        Console.WriteLine(text);
        Machine.WriteResult("wide", text);
        return 0;
    }

    private static string Milliseconds(double seconds) => $"{seconds * 1e3:f1}";

    // Operations per second of one thread.
    private static double KernelSpeed()
    {
        const int Components = 2, Calls = 20;
        using var block = new KernelBlock(CovarianceType.Full, KernelDimension, Components);
        Timing.WarmUp(block.WholeStep);
        var seconds = Enumerable.Range(0, Calls).Min(_ => Timing.Seconds(() =>
        {
            for (var i = 0; i < Calls; i++) block.WholeStep();
        })) / Calls;
        return 2.0 * block.Points * Components * KernelDimension * KernelDimension / seconds;
    }

    // Two clouds, a standard deviation apart in every column.
    private static double[] Rows(int points, int dimension)
    {
        var random = new Random(5);
        var rows = new double[points * dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            rows[i] = radius * Math.Cos(2 * Math.PI * random.NextDouble()) + (i / dimension < points / 2 ? 0 : 1);
        }
        return rows;
    }
}

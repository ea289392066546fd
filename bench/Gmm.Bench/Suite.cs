using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace Gmm.Bench;

/// <summary>
/// The BenchmarkDotNet classes, all or those named (kernel, endtoend, scoring, seeding), and their tables as committed files. Each warms up in its
/// set-up until nothing is compiled any more: BenchmarkDotNet's pilot takes code of the first tier for what it is, plans a few calls, and its
/// warm-ups end before the compiler does.
/// </summary>
internal static class Suite
{
    private static readonly Type[] s_classes =
        [typeof(KernelBenchmarks), typeof(EndToEndBenchmarks), typeof(ScoringBenchmarks), typeof(SeedingBenchmarks)];

    /// <summary>A part of the grid, enough to see a regression, in less than five minutes on two slow processors.</summary>
    public static int Short(string[] names)
    {
        // The call of an empty method, a nanosecond, is not worth as much time as the benchmark.
        var job = Job.Default.WithId("Short").WithEvaluateOverhead(false).WithWarmupCount(1).WithIterationCount(7)
            .WithIterationTime(TimeInterval.FromMilliseconds(40));
        return Run(names, job, Config(job).AddFilter(new SimpleFilter(IsInShortForm)));
    }

    /// <summary>The whole grid.</summary>
    public static int Full(string[] names)
    {
        var job = Job.Default.WithId("Full").WithWarmupCount(2).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(200));
        return Run(names, job, Config(job));
    }

    private static ManualConfig Config(Job job) => ManualConfig.Create(DefaultConfig.Instance).AddJob(job).AddColumn(StatisticColumn.Median);

    private static int Run(string[] names, Job job, IConfig config)
    {
        string[] unknown = [.. names.Except(s_classes.Select(NameOf))];
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"there is no {string.Join(" or ", unknown)}; there are {string.Join(", ", s_classes.Select(NameOf))}");
            return 2;
        }
        Type[] classes = [.. s_classes.Where(type => names.Length == 0 || names.Contains(NameOf(type)))];
        var failed = false;
        foreach (var summary in BenchmarkRunner.Run(classes, config))
        {
            var table = new AccumulationLogger();
            MarkdownExporter.GitHub.ExportToLog(summary, table);
            var type = summary.BenchmarksCases[0].Descriptor.Type;
            Machine.WriteResult(NameOf(type), $"# {TitleOf(type)}, {job.Id.ToLowerInvariant()} form\n\n{table.GetLog()}");
            failed |= summary.HasCriticalValidationErrors || !summary.Reports.All(report => report.Success);
        }
        return failed ? 1 : 0;
    }

    private static string TitleOf(Type type) => type.Name.Replace("Benchmarks", "", StringComparison.Ordinal);

    private static string NameOf(Type type) => TitleOf(type).ToLowerInvariant();

    private static bool IsInShortForm(BenchmarkCase benchmark)
    {
        var parameters = benchmark.Parameters;
        if (parameters["Covariance"] is not (CovarianceType.Full or CovarianceType.Diagonal)) return false;
        return benchmark.Descriptor.Type.Name switch
        {
            nameof(KernelBenchmarks) => parameters["Dimension"] is 2 or 16 or 64,
            nameof(EndToEndBenchmarks) =>
                parameters["Covariance"] is CovarianceType.Full && parameters["Points"] is 20_000 && parameters["Dimension"] is 8 && parameters["Components"] is 4,
            nameof(ScoringBenchmarks) => parameters["Covariance"] is CovarianceType.Full,
            _ => parameters["Covariance"] is CovarianceType.Full && parameters["Shape"] is not "50000x32x32",
        };
    }
}

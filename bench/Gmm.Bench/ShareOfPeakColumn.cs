using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Gmm.Bench;

/// <summary>What part of the baseline's operations a benchmark has use for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UsefulPartAttribute(double part) : Attribute
{
    public double Part { get; } = part;
}

/// <summary>Useful operations per second over those of the baseline, which does nothing but operations, with the same parameters in the same run.</summary>
internal sealed class ShareOfPeakColumn : IColumn
{
    public string Id => nameof(ShareOfPeakColumn);

    public string ColumnName => "Share of peak";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Useful floating-point operations per second over those of FmaPeak (medians)";

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var part = benchmarkCase.Descriptor.WorkloadMethod.GetCustomAttribute<UsefulPartAttribute>()?.Part;
        var peak = summary.BenchmarksCases.FirstOrDefault(other => other.Descriptor.Baseline
            && other.Parameters.DisplayInfo == benchmarkCase.Parameters.DisplayInfo && other.Job.Id == benchmarkCase.Job.Id);
        return part * Median(summary, peak) / Median(summary, benchmarkCase) is { } share ? $"{share:p1}" : "-";
    }

    private static double? Median(Summary summary, BenchmarkCase? benchmark) =>
        benchmark is null ? null : summary[benchmark]?.ResultStatistics?.Median;
}

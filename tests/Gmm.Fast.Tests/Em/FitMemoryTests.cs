using System.Globalization;
using System.Runtime;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>Compares the estimate of a fit's memory with what fits hold, and checks refusals.</summary>
[Collection(nameof(Alone))]
public class FitMemoryTests
{
    [Fact]
    public void TheEstimateIsThePeakOfAFit()
    {
        Assert.SkipUnless(SlowTests.AreOn, "GMM_SLOW=1 runs it");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells the peak of the resident memory here");
        Assert.SkipWhen(Environment.GetEnvironmentVariable(FitMemoryChild.Name) is not null, "already in a child");
        Child.Run([(FitMemoryChild.Name, "1"), ("DOTNET_GCConserveMemory", "9")], typeof(FitMemoryChild));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithBothNumbersAndWhatWould()
    {
        var memory = new FitMemory(100, 20_000, 2, sizeof(double), Threads: 2, PackingBudget: 48 << 20, SampledPoints: 100);
        var full = FamilyTable.Of(CovarianceType.Full);
        Assert.InRange(memory.Bytes(full), 30e9, 70e9);
        var refusal = Assert.Throws<InsufficientMemoryException>(() => memory.Check(full, memory.Bytes(full), 16_000_000_000));
        Assert.Matches(
            @"^2 full covariances of 20000 columns need about \d\d\.\d GB of memory; 16\.0 GB are available; use covariances of type diag \(\d+ MB\) or "
                + @"spherical \(\d+ MB\), fewer columns or fewer components$", refusal.Message);
        memory.Check(full, 1e9, 1_000_000_000);

        // Nothing fits in nothing; beyond every array it is still a number.
        refusal = Assert.Throws<InsufficientMemoryException>(() => memory.Check(full, memory.Bytes(full), 0));
        Assert.EndsWith("; use fewer columns or fewer components", refusal.Message);
        Assert.InRange((memory with { Dimension = 2_000_000, Components = 500 }).Bytes(full), 1e15, 1e18);
    }

    [Fact]
    public void MoreThanAnArrayHoldsIsRefusedToo()
    {
        // By memory on most machines, by the length of an array on the largest.
        var thrown = Record.Exception(() => MixtureFit.Fit(new Points(new double[100_000], 50_000), new FitOptions { Components = 2 }));
        Assert.True(thrown is InsufficientMemoryException or ArgumentException, $"{thrown}");
        Assert.Contains("2 ", thrown.Message);
        Assert.Contains("50000", thrown.Message);
    }

    [Fact]
    public void TheMemoryOfTheMachineIsANumber()
    {
        Assert.InRange(MachineMemory.Available(), 1, long.MaxValue);
        Assert.Equal("1,234.5 GB", MachineMemory.InWords(1.23449e12));
        Assert.Equal("12 MB", MachineMemory.InWords(1.23e7));
    }
}

/// <summary>Measures fits in a process of its own, where no other test takes or gives back memory meanwhile.</summary>
[Collection(nameof(Alone))]
public class FitMemoryChild
{
    internal const string Name = "GMM_TESTS_FIT_MEMORY";

    [Theory]
    [InlineData(CovarianceType.Full, 400, 700, 3)]
    [InlineData(CovarianceType.Full, 3_000, 300, 8)]
    [InlineData(CovarianceType.Tied, 400, 700, 3)]
    [InlineData(CovarianceType.Diagonal, 60, 60_000, 2)]
    [InlineData(CovarianceType.Spherical, 60, 60_000, 2)]
    [InlineData(CovarianceType.Full, 400, 500, 3, true)]
    public void TheEstimateIsThePeakOfAFit(CovarianceType type, int points, int dimension, int components, bool hasGaps = false)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Name) is null, "run by FitMemoryTests");
        var options = new FitOptions
        {
            Components = components,
            CovarianceType = type,
            MaxIterations = 3,
            Stop = StopRule.FixedCount,
            MaxDegreeOfParallelism = 2,
            MissingValues = hasGaps ? MissingValues.Marginalize : MissingValues.Error,
        };
        Fit(6, 3);
        var rows = Rows(points, dimension);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // Begins the peak anew.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS:");
        MixtureFit.Fit(new Points(rows, dimension), options);
        var taken = Status("VmHWM:") - before;
        GC.KeepAlive(rows);
        var estimate = FitChecks.Memory(points, dimension, options, sizeof(double)).Bytes(FamilyTable.Of(type));

        // Part of the peak is garbage that a collection under pressure would give back.
        Assert.InRange(taken / estimate, 0.5, 2);

        void Fit(int points, int dimension) => MixtureFit.Fit(new Points(Rows(points, dimension), dimension), options with { Components = 1 });

        double[] Rows(int points, int dimension)
        {
            var rows = new double[points * dimension];
            var random = new Random(1);
            for (var i = 0; i < rows.Length; i++) rows[i] = random.NextDouble() + (i / dimension < points / 2 ? 0 : 1);
            for (var i = 0; hasGaps && i < points; i += 2) rows[i * dimension + i % 3] = double.NaN;
            return rows;
        }
    }

    private static double Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}

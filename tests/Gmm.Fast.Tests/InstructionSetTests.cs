using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks machines without wide vectors: starts this program again with an instruction set switched off. The child checks that the width is gone
/// and the bits are the same, and runs the golden cases without AVX2, and with GMM_SLOW=1 without AVX-512 too.
/// </summary>
public class InstructionSetTests
{
    private const string Without = "GMM_TESTS_WITHOUT";
    private const string HashFile = "GMM_TESTS_HASH_FILE";

    [Theory]
    [InlineData(512, "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F")]
    [InlineData(256, "DOTNET_EnableAVX2")]
    [InlineData(128, "DOTNET_EnableHWIntrinsic")]
    public void WithoutAWidthTheBitsAreTheSame(int bits, params string[] switches)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Without) is not null, "already in a child");
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the switches are those of x64");
        var file = Path.GetTempFileName();
        try
        {
            Child.Run(
                [.. switches.Select(name => (name, "0")), (Without, $"{bits}"), (HashFile, file)],
                bits == 256 || (bits > 128 && SlowTests.AreOn) ? [typeof(InstructionSetChild), typeof(GoldenTests)] : [typeof(InstructionSetChild)]);
            Assert.Equal(HashOfFits(), File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The bits of fits of every type and of some scores, as one number.</summary>
    internal static string HashOfFits()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var type in Layout.CovarianceTypes)
        {
            var problem = Blobs.Build(seed: 77, n: 1000, d: 5, k: 3, type, separation: 1.5);
            var options = problem.Options(12) with { InitialModel = null, Seed = 3 };
            var floats = Measures.To<float>(problem.Data);
            foreach (var fit in (FitResult[])[problem.Fit(12), MixtureFit.Fit(new Points(problem.Data, problem.D), options), MixtureFit.Fit(new Points(floats, problem.D), options)])
            {
                Append(fit.Model.Weights);
                Append(fit.Model.Means);
                Append(fit.Model.Covariances);
                Append(fit.Trace);
                var scores = Scores.Of(fit.Model, problem.Data);
                Append(scores.LogDensities);
                Append(scores.Responsibilities);
                Append(scores.Distances);
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Append(ReadOnlySpan<double> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
    }

    /// <summary>The part that runs in the child; in the parent it looks at the machine as it is.</summary>
    public class InstructionSetChild
    {
        [Fact]
        public void TheWidestWidthIsOneThatTheProcessorHas()
        {
            var without = int.Parse(Environment.GetEnvironmentVariable(Without) ?? "1024");
            if (without <= 512) Assert.False(Vector512.IsHardwareAccelerated);
            if (without <= 256) Assert.False(Vector256.IsHardwareAccelerated);
            if (without <= 128) Assert.False(Vector128.IsHardwareAccelerated);

            var expected = Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : Vector128.IsHardwareAccelerated ? 2 : 1;
            Assert.Equal(expected, LaneWidths.Select<Counter, int>(LaneWidths.Widest, default));
            if (Environment.GetEnvironmentVariable(HashFile) is { } file) File.WriteAllText(file, HashOfFits());
        }

        private readonly struct Counter : ILaneUser<double, int>
        {
            public int With<TLanes, TVector>()
                where TLanes : struct, ILanes<TVector, double>
                where TVector : struct => TLanes.Count;
        }
    }
}

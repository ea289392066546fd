using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Scoring;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Em;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// The kernels as the compiler leaves them: it stops to inline where a method's budget is used up, says nothing, and the loop is five times slower.
/// So this program is started again to list the machine code of the kernels, with 32 registers and with 16, and no call may be in them but those
/// that are known. Where the processor cannot fuse a product and a sum, every such pair is a call, and nothing is to be seen here.
/// </summary>
public partial class InliningTests
{
    // Out of line on purpose, or called once per block and component at most.
    private static readonly string[] s_known =
    [
        "Gmm.Fast.Kernels.DistanceKernel:Rest", "Gmm.Fast.Kernels.TiedPoint:Prepare",
        "Gmm.Fast.Kernels.ShareSums:AnyIsSet", "Gmm.Fast.Kernels.ShareSums:ShareEqually", "System.SpanHelpers:ClearWithoutReferences", "System.SpanHelpers:Fill",
        "System.ThrowHelper:ThrowArgumentOutOfRangeException", "CORINFO_HELP_RNGCHKFAIL",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false, "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F")]
    public void NoKernelCallsWhatIsMeantToBePartOfIt(bool manyRegisters, params string[] switches)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64 && Fma.IsSupported, "the instructions are those of x64 with FMA");
        Assert.SkipUnless(!manyRegisters || Avx512F.VL.IsSupported, "the processor has 16 registers");
        var file = Path.GetTempFileName();
        try
        {
            Child.Run(
                [
                    .. switches.Select(name => (name, "0")), ("DOTNET_TieredCompilation", "0"), ("DOTNET_TieredPGO", "0"), ("DOTNET_JitStdOutFile", file),
                    ("DOTNET_JitDisasm", "Few Many Rest Triangle Rectangle Square Strip SumsOfSquares Features Assign LogDensities Total Distances Exponentials LargestOf"),
                ],
                typeof(InliningChild));
            var listings = File.ReadAllText(file).Split("; Assembly listing for method ")[1..];
            string[] widths = manyRegisters && LaneWidths.Widest == LaneWidth.Bits512 ? ["Lanes128", "Lanes256", "Lanes512"] : ["Lanes128", "Lanes256"];
            foreach (var width in widths)
            {
                AssertLoops(listings, $"Double{width}", manyRegisters, [.. s_loops, .. s_loopsOfDoubles]);
                AssertLoops(listings, $"Float{width}", manyRegisters, s_loops);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Where profiles are taken the compiler puts a hot kernel into its caller, and has nothing left for what belongs into the kernel: the distances of
    // spherical components took twelve times as long. This is not seen above, where nothing is profiled.
    [Theory]
    [InlineData(typeof(DistanceKernel), "Few", "Many", "Rest")]
    [InlineData(typeof(MomentKernel), "Triangle", "Rectangle", "Square", "Strip")]
    [InlineData(typeof(Deviations), "SumsOfSquares", "Features")]
    [InlineData(typeof(SoftAssignment), "Assign")]
    [InlineData(typeof(HardAssignment), "Assign")]
    [InlineData(typeof(ShareSums), "Total", "LogDensities")]
    [InlineData(typeof(ScoredColumns), "LargestOf")]
    [InlineData(typeof(CentroidStep<,>), "Add")]
    public void NoKernelIsMadePartOfItsCaller(Type type, params string[] kernels)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var kernel in kernels)
        {
            Assert.Contains(type.GetMethods(All), method => method.Name == kernel
                && method.GetMethodImplementationFlags().HasFlag(MethodImplAttributes.NoInlining));
        }
    }

    // As many of each as it has kinds of rows, places and output with 32 registers, and with 16.
    private static readonly (string Method, int Many, int Few)[] s_loops =
    [
        ("DistanceKernel:Few", 6, 6), ("DistanceKernel:Many", 2, 2), ("DistanceKernel:Rest", 6, 6),
        ("MomentKernel:Triangle", 9, 9), ("MomentKernel:Rectangle", 4, 0), ("MomentKernel:Square", 0, 3), ("MomentKernel:Strip", 0, 1),
        ("Deviations:SumsOfSquares", 1, 1), ("Deviations:Features", 9, 9),
        ("SoftAssignment:Assign", 1, 1), ("ShareSums:Total", 1, 1), ("ShareSums:LogDensities", 1, 1),
    ];

    // Single points have four kernels.
    private static readonly (string Method, int Many, int Few)[] s_loopsOfDoubles =
        [("HardAssignment:Assign", 1, 1), ("ScoredColumns:LargestOf", 1, 1), ("PointScorer`3:Distances", 4, 4), ("PointScorer`3:Exponentials", 4, 4)];

    private static void AssertLoops(string[] listings, string lanes, bool manyRegisters, (string Method, int Many, int Few)[] loops)
    {
        foreach (var (method, many, few) in loops)
        {
            var found = listings.Where(listing => NameOf(listing) == method && listing.Contains(lanes)).ToArray();
            Assert.True(found.Length == (manyRegisters ? many : few), $"{found.Length} listings of {method} for {lanes}");
            foreach (var listing in found) AssertNoCalls(listing);
        }
    }

    // A jump to another method is a call as well.
    private static void AssertNoCalls(string listing)
    {
        var title = listing[..listing.IndexOf('\n')];
        Assert.Contains("(FullOpts)", title);
        foreach (Match call in Calls().Matches(listing))
        {
            var target = call.Groups["target"].Value.TrimStart('[');
            Assert.True(s_known.Any(known => target.StartsWith(known, StringComparison.Ordinal)), $"{title} calls {target}");
        }
    }

    // Namespace.Type`n[..]:Method[..](..) without namespace and type arguments.
    private static string NameOf(string listing)
    {
        var name = TypeArguments().Replace(listing[..listing.IndexOf('(')], "");
        return name[(name.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"^ +(call|tail\.jmp) +(?<target>.*)", RegexOptions.Multiline)]
    private static partial Regex Calls();

    [GeneratedRegex(@"\[(?>[^\[\]]|(?<open>\[)|(?<-open>\]))*\]")]
    private static partial Regex TypeArguments();

    /// <summary>Takes every loop once, at every width that the processor has.</summary>
    public unsafe class InliningChild
    {
        [Fact]
        public void EveryKernelRuns()
        {
            foreach (var type in Layout.CovarianceTypes)
            {
                // Up to two panels, with every remainder.
                for (var d = 1; d <= 8; d++)
                {
                    var problem = Blobs.Build(seed: d, n: 70, d, k: 3, type);
                    for (var width = LaneWidth.Bits128; width <= LaneWidths.Widest; width++)
                    {
                        Runs<double>(problem, width);
                        Runs<float>(problem, width);
                        Assert.Equal(70, OneBlock.Run(BlockSteps.Nearest(Adapters.Type(type), width), Spheres(problem), problem, 70, poison: 0).RowCount);
                        Assert.Equal(70, OneBlock.Run(BlockSteps.Centroids(width), Spheres(problem), problem, 70, poison: 0).RowCount);
                        var scorer = PointScorer.Create(problem.Model().Parameters, width);
                        Assert.InRange(scorer.Label(problem.Data.AsSpan(0, d)), 0, 2);
                        Assert.True(double.IsFinite(scorer.LogDensity(problem.Data.AsSpan(0, d))));
                    }
                }
            }
        }

        private static void Runs<T>(MixtureProblem problem, LaneWidth width)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var step = BlockSteps.Soft<T>(Adapters.Type(problem.CovarianceType), width);
            var mixture = problem.Model().Parameters;
            Assert.Equal(problem.N, OneBlock.Run(step, mixture, problem, problem.N, poison: 0).RowCount);

            var points = BlockShape.Pad<T>(problem.N);
            using var parameters = new KernelParameters<T>(mixture);
            parameters.Load(mixture);
            using var memory = new AlignedBuffer<T>(Workspace<T>.Length(points, problem.D, problem.K));
            var workspace = new Workspace<T>(memory.Pointer, points, problem.D, problem.K);
            var block = workspace.Pack(Measures.To<T>(problem.Data));
            step.Distances(block, parameters, workspace.Scratch, workspace.Joint);
            step.Assign(block, parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);
            Assert.True(T.IsFinite(workspace.LogDensities[0]));
        }

        private static MixtureParameters Spheres(MixtureProblem problem) =>
            new GaussianMixture(CovarianceType.Spherical, problem.D, problem.Weights, problem.Means, [1, 1, 1]).Parameters;
    }
}

using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Scoring;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Em;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks that the machine code of the kernels contains no unknown calls. The compiler stops inlining without a message once a method exceeds its
/// budget, and operations on lanes become calls. This program starts itself again to list the machine code, with 32 registers and with 16. On
/// processors without fused multiply-add every product with a sum is a call, so nothing is checked there.
/// </summary>
public partial class InliningTests
{
    // Out of line on purpose, or called once per block and component at most.
    private static readonly string[] s_known =
    [
        "Gmm.Fast.Kernels.TriangularForm`3[", "Gmm.Fast.Kernels.SharedPoint:Prepare",
        "Gmm.Fast.Kernels.ShareSums`3[", "System.SpanHelpers:ClearWithoutReferences", "System.SpanHelpers:Fill",
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
                    ("DOTNET_JitDisasm", "Few Many Rest Triangle Rectangle Square Strip SumsOfSquares SumsWithin Dimensions Assign AssignQuads LogDensities Total Weigh Distances Exponentials LargestOf"),
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
    [InlineData(typeof(TriangularForm<,,>), "Few", "Many", "Rest")]
    [InlineData(typeof(TriangleMoments<,,>), "Triangle", "Rectangle", "Square", "Strip")]
    [InlineData(typeof(ScaledDeviations<,,>), "SumsOfSquares", "SumsWithin")]
    [InlineData(typeof(ColumnMoments<,,>), "Dimensions")]
    [InlineData(typeof(SoftAssignment<,,>), "AssignQuads")]
    [InlineData(typeof(HardAssignment<,,>), "Assign")]
    [InlineData(typeof(ShareSums<,,>), "Total", "LogDensities", "Weigh")]
    [InlineData(typeof(LargestColumn<,>), "LargestOf")]
    [InlineData(typeof(SketchTile<,>), "SmallestOf", "ListBelow")]
    [InlineData(typeof(CentroidStep), "Add")]
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
        ("TriangularForm`3:Few", 6, 6), ("TriangularForm`3:Many", 3, 3), ("TriangularForm`3:Rest", 9, 9),
        ("TriangleMoments`3:Triangle", 9, 9), ("TriangleMoments`3:Rectangle", 4, 0), ("TriangleMoments`3:Square", 0, 3), ("TriangleMoments`3:Strip", 0, 1),
        ("ScaledDeviations`3:SumsOfSquares", 1, 1), ("ScaledDeviations`3:SumsWithin", 1, 1), ("ColumnMoments`3:Dimensions", 9, 9),
        ("SoftAssignment`3:AssignQuads", 2, 2), ("ShareSums`3:Total", 1, 1), ("ShareSums`3:LogDensities", 1, 1),
    ];

    // Single points have four kernels.
    private static readonly (string Method, int Many, int Few)[] s_loopsOfDoubles =
        [("HardAssignment`3:Assign", 1, 1), ("LargestColumn`2:LargestOf", 1, 1), ("PointScorer`3:Distances", 4, 4), ("PointScorer`3:Exponentials", 4, 4)];

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
                        Assert.Equal(70, OneBlock.Run(BlockSteps.Nearest(FamilyTable.Of(Adapters.Type(type)).Moments, width), Spheres(problem), problem, 70, poison: 0).PointCount);
                        Assert.Equal(70, OneBlock.Run(new CentroidStep(BlockSteps.Labels(width)), Spheres(problem), problem, 70, poison: 0).PointCount);
                        var scorer = PointScorer.Create(problem.Model().Mixture, width);
                        Assert.InRange(scorer.Label(problem.Data.AsSpan(0, d)), 0, 2);
                        Assert.True(double.IsFinite(scorer.LogDensity(problem.Data.AsSpan(0, d))));
                    }
                }
            }
        }

        private static void Runs<T>(MixtureProblem problem, LaneWidth width)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var step = BlockSteps.Soft<T>(FamilyTable.Of(Adapters.Type(problem.CovarianceType)), width);
            var mixture = problem.Model().Mixture;
            Assert.Equal(problem.N, OneBlock.Run(step, mixture, problem, problem.N, poison: 0).PointCount);

            var points = BlockShape.Pad<T>(problem.N);
            using var parameters = new KernelParameters<T>(mixture.Family.Form, mixture.Components, mixture.Dimension);
            parameters.Load(mixture.Numbers);
            using var memory = new AlignedBuffer<T>(Workspace<T>.Length(points, problem.D, problem.K));
            var workspace = new Workspace<T>(memory.Pointer, points, problem.D, problem.K);
            var block = workspace.Pack(Measures.To<T>(problem.Data));
            step.Distances(block, parameters, workspace.Scratch, workspace.Joint);
            step.Assign(block, parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);
            Assert.True(T.IsFinite(workspace.LogDensities[0]));
            parameters.Reach = T.One;
            step.Distances(block, parameters, workspace.Scratch, workspace.Joint);
            step.Assign(block, parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);
            Assert.True(T.IsFinite(workspace.LogDensities[0]));
            if (mixture.Family.Form.IsSeparable) ByTiles<T>(problem, mixture, width);
        }

        // One component has a share of each tile, so that those of the others end within its limits.
        private static void ByTiles<T>(MixtureProblem problem, Factored mixture, LaneWidth width)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (d, k, points) = (problem.D, problem.K, BlockShape.Pad<T>(problem.N));
            using var team = new WorkTeam(1);
            using var bounds = new TileBounds<T>(mixture.Family.Form, k, d, new BlockShape(points, 1, 1), double.PositiveInfinity, team);
            var step = BlockSteps.Tiles(mixture.Family, width, bounds);
            step.ByTiles = true;
            for (var tile = 0; tile < points / BlockShape.TileOf<T>(); tile++) bounds.MarkActive(0, tile, 0);
            bounds.Follow(mixture);
            using var parameters = new KernelParameters<T>(mixture.Family.Form, k, d);
            parameters.Load(mixture.Numbers);
            using var memory = new AlignedBuffer<T>(Workspace<T>.Length(points, d, k) + TileRoom<T>.Length(points, d, k));
            var workspace = new Workspace<T>(memory.Pointer, points, d, k);
            var statistics = new SufficientStatistics(mixture.Family.Type, k, d);
            fixed (T* centers = Measures.To<T>(problem.Means))
                step.Run(workspace.Pack(Measures.To<T>(problem.Data)), parameters, workspace, centers, statistics);
            Assert.Equal(problem.N, statistics.PointCount);
        }

        private static Factored Spheres(MixtureProblem problem) =>
            new GaussianMixture(CovarianceType.Spherical, problem.D, problem.Weights, problem.Means, [1, 1, 1]).Mixture;
    }
}

using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Bench;

// The only file of the benchmarks that reaches into the engine; everything else measures what a user of the library can call.

/// <summary>One block of points in cache and all that the kernels need to work on it.</summary>
internal sealed unsafe class KernelBlock : IDisposable
{
    private readonly IBlockStep<double> _step;
    private readonly KernelParameters<double> _parameters;
    private readonly SufficientStatistics _statistics;
    private readonly AlignedBuffer<double> _memory;
    private readonly Workspace<double> _workspace;
    private readonly PointBlock<double> _block;

    public KernelBlock(CovarianceType type, int dimension, int components)
    {
        Points = BlockShape.For<double>(1_000_000, dimension).BlockPoints;
        var problem = new Problem(type, Points, dimension, components);
        var mixture = problem.Initial.Mixture;
        _step = BlockSteps.Soft<double>(mixture.Family, LaneWidths.Widest);
        _parameters = new KernelParameters<double>(mixture.Family.Form, components, dimension);
        _parameters.Load(mixture.Numbers);
        _statistics = new SufficientStatistics(type, components, dimension);
        _memory = new AlignedBuffer<double>(Workspace<double>.Length(Points, dimension, components));
        _workspace = new Workspace<double>(_memory.Pointer, Points, dimension, components);
        _block = _workspace.Pack(problem.Rows);
    }

    public int Points { get; }

    public void Dispose()
    {
        _memory.Dispose();
        _parameters.Dispose();
    }

    public void Distances() => _step.Distances(_block, _parameters, _workspace.Scratch, _workspace.Joint);

    /// <summary>Distances and assignment (log-sum-exp); assignment works in place, so it cannot be repeated alone.</summary>
    public void ExpectationStep()
    {
        Distances();
        _step.Assign(_block, _parameters, _workspace.Joint, _workspace.Scales, _workspace.LogDensities);
    }

    public void WholeStep() => _step.Run(_block, _parameters, _workspace, _parameters.Means, _statistics);
}

/// <summary>The factorizations of one M-step.</summary>
internal sealed class WideFactors : IDisposable
{
    private readonly WorkTeam _team;
    private readonly Maximization _maximization;
    private readonly Factored _current;
    private readonly Factored _next;
    private readonly SufficientStatistics _statistics;

    public WideFactors(GaussianMixture model, int threads)
    {
        _team = new WorkTeam(threads);
        _current = model.Mixture;
        _next = new Factored(_current.Family, _current.Components, _current.Dimension);
        _maximization = new Maximization(_current.Parameters, Ridge.Uniform(0, _current.Dimension), floor: null, _team);

        // Without points in any component, an M-step keeps and factors every covariance.
        _statistics = new SufficientStatistics(model.CovarianceType, model.ComponentCount, model.Dimension);
    }

    public void Run() => _maximization.Run(_statistics, _current, _next);

    public void Dispose() => _team.Dispose();
}

/// <summary>Loops over lanes of the widest kind.</summary>
internal static unsafe class LaneLoops
{
    /// <summary>Independent chains: enough to fill two pipelines of four cycles, few enough for sixteen registers.</summary>
    public const int Chains = 12;

    /// <summary>Doubles in a vector.</summary>
    public static int Lanes => LaneWidths.Select<LaneCount, int>(LaneWidths.Widest, default);

    /// <summary>Floating-point operations of one round of <see cref="FmaChains"/>.</summary>
    public static int OperationsPerRound { get; } = 2 * Chains * Lanes;

    /// <summary>Nothing but fused multiply-adds in registers; returns a number that depends on all of them.</summary>
    public static double FmaChains(long rounds) => LaneWidths.Select<Fma, double>(LaneWidths.Widest, new Fma(rounds));

    /// <summary>The engine's exponential, to base 2, of each argument, a multiple of four of the widest vector of them.</summary>
    public static void Exp(ReadOnlySpan<double> arguments, Span<double> results)
    {
        fixed (double* source = arguments, destination = results)
            LaneWidths.Select<Exponential, int>(LaneWidths.Widest, new Exponential(source, destination, results.Length));
    }

    private readonly struct LaneCount : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => TLanes.Count;
    }

    private readonly struct Fma(long rounds) : ILaneUser<double, double>
    {
        // Variables and not an array: the chains must stay in registers. Different starts, or the compiler might merge them.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public double With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            var (factor, term) = (TLanes.Broadcast(0.999), TLanes.Broadcast(1e-3));
            var (a, b, c, d) = (TLanes.Broadcast(1), TLanes.Broadcast(2), TLanes.Broadcast(3), TLanes.Broadcast(4));
            var (e, f, g, h) = (TLanes.Broadcast(5), TLanes.Broadcast(6), TLanes.Broadcast(7), TLanes.Broadcast(8));
            var (i, j, k, l) = (TLanes.Broadcast(9), TLanes.Broadcast(10), TLanes.Broadcast(11), TLanes.Broadcast(12));
            for (var round = rounds; round > 0; round--)
            {
                (a, b, c) = (TLanes.Fma(a, factor, term), TLanes.Fma(b, factor, term), TLanes.Fma(c, factor, term));
                (d, e, f) = (TLanes.Fma(d, factor, term), TLanes.Fma(e, factor, term), TLanes.Fma(f, factor, term));
                (g, h, i) = (TLanes.Fma(g, factor, term), TLanes.Fma(h, factor, term), TLanes.Fma(i, factor, term));
                (j, k, l) = (TLanes.Fma(j, factor, term), TLanes.Fma(k, factor, term), TLanes.Fma(l, factor, term));
            }
            var sum = TLanes.Add(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)), TLanes.Add(TLanes.Add(e, f), TLanes.Add(g, h)));
            var ends = stackalloc double[LaneSum.Partials];
            TLanes.Store(ends, TLanes.Add(sum, TLanes.Add(TLanes.Add(i, j), TLanes.Add(k, l))));
            return ends[0];
        }
    }

    private readonly struct Exponential(double* source, double* destination, int count) : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => Map<TLanes, TVector, QuadLanes<TLanes, TVector, double>, Quad<TVector>>();

        private int Map<TLanes, TVector, TQuads, TQuad>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
            where TQuads : struct, ILaneArithmetic<TQuad, double>
            where TQuad : struct
        {
            // Locals: fields would be read again after every store.
            var (from, to, end) = ((nint)source, (nint)destination, (nint)(source + count));
            for (; from < end; from += TQuads.Count * sizeof(double), to += TQuads.Count * sizeof(double))
                TQuads.Store((double*)to, TLanes.Exp2<TQuads, TQuad>(TQuads.Load((double*)from)));
            return count;
        }
    }
}

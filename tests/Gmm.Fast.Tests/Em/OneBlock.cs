using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

internal static unsafe class OneBlock
{
    /// <summary>
    /// The statistics of one block of the problem's first points, about the problem's means; <paramref name="poison"/>, where not 0, takes the
    /// place of the repeated last point.
    /// </summary>
    public static SufficientStatistics Run<T>(IBlockPass<T> step, Factored mixture, MixtureProblem problem, int count, double poison)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (d, k) = (problem.D, problem.K);
        var points = BlockShape.Pad<T>(problem.N);
        using var memory = new AlignedBuffer<T>(Workspace<T>.Length(points, d, k));
        memory.Span.Fill(T.NaN);
        var workspace = new Workspace<T>(memory.Pointer, points, d, k);
        var block = workspace.Pack(Measures.To<T>(problem.Data.AsSpan(0, count * d)));
        for (var j = 0; j < d && poison != 0; j++)
        {
            for (var i = block.Count; i < block.Padded; i++) block.X[j * block.Stride + i] = T.CreateTruncating(poison * (1 + i + j));
        }

        var statistics = new SufficientStatistics(Adapters.Type(problem.CovarianceType), k, d);
        using var parameters = new KernelParameters<T>(mixture.Family.Form, mixture.Components, mixture.Dimension);
        parameters.Load(mixture.Numbers);
        fixed (T* centers = Measures.To<T>(problem.Means)) step.Run(block, parameters, workspace, centers, statistics);
        return statistics;
    }
}

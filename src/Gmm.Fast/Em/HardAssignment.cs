using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// The whole point to its most probable component, the first among equals: labels, and with unit spherical covariances and equal weights the
/// assignment step of k-means. The objective is the largest log of weight times density.
/// </summary>
internal readonly unsafe struct HardAssignment : IAssignment
{
    public void Assign<TLanes, TVector>(double* joint, nint stride, int components, int padded, double* constants, double* logDensities)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var one = TLanes.Broadcast(1.0);
        for (var p = 0; p < padded; p += TLanes.Count)
        {
            var column = joint + p;
            var max = SoftAssignment.LogJoint<TLanes, TVector>(TLanes.Load(column), constants[0]);
            var winner = TLanes.Zero;
            for (var k = 1; k < components; k++)
            {
                var log = SoftAssignment.LogJoint<TLanes, TVector>(TLanes.Load(column + k * stride), constants[k]);
                winner = TLanes.SelectLess(max, log, TLanes.Broadcast(k), winner);
                max = TLanes.Max(max, log);
            }
            for (var k = 0; k < components; k++)
            {
                // 1 where k is neither below nor above the winner.
                var index = TLanes.Broadcast(k);
                var notAbove = TLanes.SelectLess(winner, index, TLanes.Zero, one);
                TLanes.Store(column + k * stride, TLanes.SelectLess(index, winner, TLanes.Zero, notAbove));
            }
            TLanes.Store(logDensities + p, max);
        }
    }
}

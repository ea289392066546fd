using System.Runtime.CompilerServices;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Computes the E-step of one point, lanes across components, with the formulas and the cut of <see cref="SoftAssignment{TLanes, TVector, T}"/>.
/// The lanes behind the last component repeat it with weight 0.
/// </summary>
internal sealed unsafe class PointScorer<TLanes, TVector, TKernel> : PointScorer
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
    where TKernel : struct, IPointKernel
{
    // From _first on: [padded] ln weight - 1/2 ln |2 pi Sigma|, to base 2; [padded] the lowest log of the component, which is minus infinity for
    // weight 0 and then gives no share; the numbers of the kernel.
    private readonly double[] _numbers;
    private readonly int _first;
    private readonly int _shared;
    private readonly int _padded;
    private readonly int _components;
    private readonly int _dimension;

    public PointScorer(Factored mixture)
        : base(mixture, Padded(mixture.Components), TKernel.RoomLength(mixture.Dimension))
    {
        var numbers = mixture.Numbers;
        _components = mixture.Components;
        _dimension = mixture.Dimension;
        _padded = Padded(_components);

        // Pinned, so that the alignment stays.
        var length = TKernel.Length(_dimension);
        _numbers = GC.AllocateUninitializedArray<double>(
            checked(_padded * (2 + length) + TKernel.SharedLength(_dimension) + LaneSum.Partials), pinned: true);
        fixed (double* memory = _numbers)
        {
            _first = (int)((double*)Align(memory) - memory);
            var constants = memory + _first;
            for (var k = 0; k < _padded; k++)
            {
                var source = Math.Min(k, _components - 1);
                constants[k] = k == source ? numbers.LogConstants[k] * BinaryLog.Log2E : double.NegativeInfinity;
                constants[_padded + k] = double.IsNegativeInfinity(constants[k]) ? double.NegativeInfinity : double.MinValue;
                var group = constants + 2 * (nint)_padded + (nint)(k / TLanes.Count) * length * TLanes.Count;
                TKernel.Lay(numbers, source, group + k % TLanes.Count, TLanes.Count);
            }
            _shared = (2 + length) * _padded;
            TKernel.LayShared(numbers, constants + _shared);
        }
    }

    protected override void Distances(double* point, double* q)
    {
        fixed (double* numbers = &_numbers[_first])
        {
            point = TKernel.Prepare(numbers + _shared, _dimension, point, q + _padded + Extra);
            TKernel.SquaredDistances<TLanes, TVector>(numbers + 2 * (nint)_padded, _padded, point, _dimension, q);
        }
    }

    protected override double Exponentials(double* point, double* e, out double largest)
    {
        var lowest = TLanes.Broadcast(double.MinValue);
        var max = lowest;
        nint padded = _padded;
        fixed (double* constants = &_numbers[_first])
        {
            point = TKernel.Prepare(constants + _shared, _dimension, point, e + padded + Extra);
            TKernel.SquaredDistances<TLanes, TVector>(constants + 2 * padded, (int)padded, point, _dimension, e);
            for (nint k = 0; k < padded; k += TLanes.Count)
            {
                var log = TLanes.Fma(TLanes.Load(e + k), TLanes.Broadcast(BinaryLog.MinusHalfLog2E), TLanes.Load(constants + k));
                log = TLanes.SelectLess(lowest, log, log, TLanes.Load(constants + padded + k));
                TLanes.Store(e + k, log);
                max = TLanes.Max(max, log);
            }
        }
        largest = Largest(max, e + padded);

        max = TLanes.Broadcast(largest);
        double sum = 0;
        for (nint k = 0; k < padded; k += TLanes.Count)
        {
            var below = TLanes.Subtract(TLanes.Load(e + k), max);
            TLanes.Store(e + k, TLanes.Exp2<TLanes, TVector>(below));

            // One after the other, as over a block; the next exponentials do not depend on it.
            for (nint lane = 0; lane < TLanes.Count; lane++) sum += e[k + lane];
        }
        largest = BinaryLog.ToNatural<DoubleLanesScalar, double, double>(largest);
        return sum;
    }

    private static int Padded(int components) => (components + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    // Gives the largest lane; a narrow vector is stored several times.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Largest(TVector lanes, double* room)
    {
        for (var slot = 0; slot < LaneSum.Partials; slot += TLanes.Count) TLanes.Store(room + slot, lanes);
        var a = double.MaxNative(double.MaxNative(room[0], room[4]), double.MaxNative(room[2], room[6]));
        var b = double.MaxNative(double.MaxNative(room[1], room[5]), double.MaxNative(room[3], room[7]));
        return double.MaxNative(a, b);
    }
}

using System.Runtime.CompilerServices;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>
/// The E-step of one point, lanes across components; formulas and cut as in <see cref="SoftAssignment"/>. The lanes behind the last component repeat
/// it with weight 0.
/// </summary>
internal sealed unsafe class PointScorer<TLanes, TVector, TKernel> : PointScorer
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
    where TKernel : struct, IPointKernel
{
    // From _first on: ln weight - 1/2 ln |2 pi Sigma|, to base 2 [padded]; the lowest log that the component can have [padded], minus infinity, and
    // with it never a share, for weight 0; then what the kernel reads.
    private readonly double[] _numbers;
    private readonly int _first;
    private readonly int _padded;
    private readonly int _components;
    private readonly int _dimension;

    public PointScorer(MixtureParameters parameters)
        : base(parameters, Padded(parameters.Components), TKernel.RoomLength(parameters.Dimension))
    {
        _components = parameters.Components;
        _dimension = parameters.Dimension;
        _padded = Padded(_components);

        // Pinned: what was aligned once stays so.
        var length = TKernel.Length(_dimension);
        _numbers = GC.AllocateUninitializedArray<double>(checked(_padded * (2 + length) + LaneSum.Partials), pinned: true);
        fixed (double* memory = _numbers)
        {
            _first = (int)((double*)Align(memory) - memory);
            var constants = memory + _first;
            for (var k = 0; k < _padded; k++)
            {
                var source = Math.Min(k, _components - 1);
                constants[k] = k == source ? parameters.LogConstants[k] * BinaryLog.Log2E : double.NegativeInfinity;
                constants[_padded + k] = double.IsNegativeInfinity(constants[k]) ? double.NegativeInfinity : double.MinValue;
                var group = constants + 2 * (nint)_padded + (nint)(k / TLanes.Count) * length * TLanes.Count;
                TKernel.Lay(parameters, source, group + k % TLanes.Count, TLanes.Count);
            }
        }
    }

    protected override void Distances(double* point, double* q)
    {
        point = TKernel.Prepare(Parameters, point, q + _padded + Extra);
        fixed (double* numbers = &_numbers[_first])
            TKernel.SquaredDistances<TLanes, TVector>(numbers + 2 * (nint)_padded, _padded, point, _dimension, q);
    }

    protected override double Exponentials(double* point, double* e, out double largest)
    {
        var lowest = TLanes.Broadcast(double.MinValue);
        var max = lowest;
        nint padded = _padded;
        point = TKernel.Prepare(Parameters, point, e + padded + Extra);
        fixed (double* constants = &_numbers[_first])
        {
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

            // One after the other, as over a block; the next exponentials do not wait for it.
            for (nint lane = 0; lane < TLanes.Count; lane++) sum += e[k + lane];
        }
        largest = BinaryLog.ToNatural<DoubleLanesScalar, double, double>(largest);
        return sum;
    }

    private static int Padded(int components) => (components + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    // Over the lanes; a narrow vector is written several times.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Largest(TVector lanes, double* room)
    {
        for (var slot = 0; slot < LaneSum.Partials; slot += TLanes.Count) TLanes.Store(room + slot, lanes);
        var a = double.MaxNative(double.MaxNative(room[0], room[4]), double.MaxNative(room[2], room[6]));
        var b = double.MaxNative(double.MaxNative(room[1], room[5]), double.MaxNative(room[3], room[7]));
        return double.MaxNative(a, b);
    }
}

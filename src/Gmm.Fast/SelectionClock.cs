using System.Diagnostics;
using Gmm.Fast.Families;

namespace Gmm.Fast;

/// <summary>Counts the fits of a selection and estimates the time of those that are left, from the sizes of their models.</summary>
/// <param name="total">The number of fits in all.</param>
/// <param name="work">The sum of their <see cref="Work"/>.</param>
/// <param name="receiver">Told after each fit; null for none.</param>
internal sealed class SelectionClock(int total, double work, IProgress<SelectionProgress>? receiver)
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _done;
    private double _workDone;

    /// <summary>Gives what one iteration of a fit costs, in no unit: K times the numbers of a component.</summary>
    public static double Work(int components, CovarianceType type, int dimension) =>
        components * (double)(FamilyTable.Of(type).FreeNumbers(dimension) + dimension);

    /// <summary>Counts a fit.</summary>
    public void Done(int components, CovarianceType type, int dimension)
    {
        lock (_gate)
        {
            _done++;
            _workDone += Work(components, type, dimension);
            var elapsed = _clock.Elapsed;
            receiver?.Report(new SelectionProgress(_done, total, elapsed, elapsed * Math.Max(0, work / _workDone - 1)));
        }
    }
}

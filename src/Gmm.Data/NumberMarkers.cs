using System.Globalization;
using System.Numerics;
using System.Text;
using Gmm.Data.Text;

namespace Gmm.Data;

/// <summary>
/// Holds the <see cref="TableOptions.MissingMarkers"/> that are numbers, for files that hold numbers and not their texts. A marker that is no number
/// cannot stand in such a file.
/// </summary>
internal sealed class NumberMarkers
{
    private readonly double[] _numbers;

    private NumberMarkers(IReadOnlyList<string> markers)
    {
        // Where a file has decimal commas, so have its markers.
        var (point, comma) = (new CellReader(false, []), new CellReader(true, []));
        var numbers = new List<double>();
        foreach (var marker in markers)
        {
            var cell = Encoding.UTF8.GetBytes(marker);
            if (point.TryNumber(cell, out var number) || comma.TryNumber(cell, out number))
            {
                numbers.Add(number);

                // 1e20 and 0.1 are other numbers in floats of 4 bytes; whole numbers are the same or, beyond 2^24, those of rows.
                const double LargestWhole = 1L << 53;
                if ((!double.IsInteger(number) || Math.Abs(number) > LargestWhole) && float.IsFinite((float)number))
                {
                    numbers.Add((float)number);
                }
            }
            else if (CellReader.IsInfinite(CellReader.Trim(cell)))
            {
                numbers.Add(marker.Contains('-') ? double.NegativeInfinity : double.PositiveInfinity);
            }
        }

        _numbers = [.. numbers.Distinct()];
    }

    /// <summary>No markers.</summary>
    internal static NumberMarkers None { get; } = new([]);

    /// <summary>Whether there are any, so that numbers have to be looked at.</summary>
    internal bool Any => _numbers.Length > 0;

    /// <summary>Gives the markers of the options.</summary>
    internal static NumberMarkers Of(TableOptions options) => options.MissingMarkers.Count == 0 ? None : new NumberMarkers(options.MissingMarkers);

    /// <summary>Tells whether a number stands for a missing value.</summary>
    internal bool Has(double value) => _numbers.Length > 0 && Array.IndexOf(_numbers, value) >= 0;

    /// <summary>Says what stands in a cell that has no value: NaN or a marker.</summary>
    internal static string Problem<T>(T value)
        where T : INumberBase<T> => T.IsNaN(value) ? "NaN stands for a missing value"
        : $"{value.ToString(null, CultureInfo.InvariantCulture)} stands for a missing value";
}

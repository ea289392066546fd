namespace Gmm.Data;

/// <summary>Looks at the columns of numbers in rows, and takes some of them out.</summary>
internal static class TableColumns
{
    /// <summary>Fewer rows may count by chance.</summary>
    internal const int FewestToCount = 10;

    /// <summary>Keeps some columns, in place; gives the array where nothing else is to go.</summary>
    internal static double[] Keep(double[] values, int columns, int[] kept)
    {
        var rows = values.Length / columns;
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < kept.Length; i++)
            {
                values[(row * kept.Length) + i] = values[(row * columns) + kept[i]];
            }
        }

        return values[..(rows * kept.Length)];
    }

    /// <summary>Tells whether a column is first, first + 1, ... from row to row.</summary>
    internal static bool CountsInOrder(ReadOnlySpan<double> values, int columns, int column)
    {
        for (var i = column; i < values.Length; i += columns)
        {
            if (values[i] != values[column] + (i / columns) || !double.IsInteger(values[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells whether a column holds whole numbers, each once.</summary>
    internal static bool AreDifferentWholeNumbers(ReadOnlySpan<double> values, int columns, int column)
    {
        var rows = values.Length / columns;
        for (var i = column; i < values.Length; i += columns)
        {
            if (!double.IsInteger(values[i]))
            {
                return false;
            }
        }

        if (CountsInOrder(values, columns, column))
        {
            return true;
        }

        var sorted = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            sorted[row] = values[(row * columns) + column];
        }

        Array.Sort(sorted);
        for (var row = 1; row < rows; row++)
        {
            if (sorted[row] == sorted[row - 1])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the least and largest of a column that counts rows, in any order and with gaps for rows that were left out; null for any other.</summary>
    /// <param name="values">Row-major.</param>
    /// <param name="columns">D.</param>
    /// <param name="column">The column, from 0.</param>
    /// <param name="records">The number of rows with those that were left out.</param>
    internal static (double Least, double Largest)? Range(ReadOnlySpan<double> values, int columns, int column, long records)
    {
        var (least, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        if (values.Length / columns < FewestToCount || Repeats(values, columns, column))
        {
            return null;
        }

        for (var i = column; i < values.Length; i += columns)
        {
            if (!double.IsInteger(values[i]))
            {
                return null;
            }

            (least, largest) = (Math.Min(least, values[i]), Math.Max(largest, values[i]));
        }

        return largest - least < records && AreDifferentWholeNumbers(values, columns, column) ? (least, largest) : null;
    }

    /// <summary>Tells whether the last row is the sum of those above in every column.</summary>
    internal static bool EndsInSum(ReadOnlySpan<double> values, int columns)
    {
        const int Fewest = 4;
        const double Rounding = 1e-9;
        var last = values.Length - columns;
        if (last < Fewest * columns)
        {
            return false;
        }

        for (var column = 0; column < columns; column++)
        {
            var (sum, size) = (0.0, 0.0);
            for (var i = column; i < last; i += columns)
            {
                sum += values[i];
                size += Math.Abs(values[i]);
            }

            if (!(size > 0) || !(Math.Abs(sum - values[last + column]) <= Rounding * size))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Gives a number of a column that may stand for a missing value, and in how many rows it does; null where there is none. It is the least or the
    /// largest by far, and occurs several times or is one of those that are customary.
    /// </summary>
    internal static (double Value, int Rows)? Code(ReadOnlySpan<double> values, int columns, int column)
    {
        const int Several = 3;
        const int Fewest = 10;
        const double Far = 5;
        ReadOnlySpan<double> customary = [-99, -999, -9999, -99999, -999.25, 999, 9999, 99999, 999999, 1e20, 1e30, 9.969209968386869e36];
        if (values.Length / columns < Fewest)
        {
            return null;
        }

        var (least, second, largest, beforeLargest) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        var (leasts, largests) = (0, 0);
        for (var i = column; i < values.Length; i += columns)
        {
            var value = values[i];
            if (double.IsNaN(value))
            {
                continue;
            }

            if (value < least)
            {
                (second, least, leasts) = (least, value, 1);
            }
            else if (value == least)
            {
                leasts++;
            }
            else
            {
                second = Math.Min(second, value);
            }

            if (value > largest)
            {
                (beforeLargest, largest, largests) = (largest, value, 1);
            }
            else if (value == largest)
            {
                largests++;
            }
            else
            {
                beforeLargest = Math.Max(beforeLargest, value);
            }
        }

        if ((leasts >= Several || customary.Contains(least)) && second - least > Far * (largest - second) && largest > second)
        {
            return (least, leasts);
        }

        return (largests >= Several || customary.Contains(largest)) && largest - beforeLargest > Far * (beforeLargest - least) && beforeLargest > least
            ? (largest, largests) : null;
    }

    /// <summary>Tells whether the first rows have a number twice: most columns of whole numbers do, and need not be read to their end.</summary>
    private static bool Repeats(ReadOnlySpan<double> values, int columns, int column)
    {
        const int Looked = 24;
        var rows = Math.Min(values.Length / columns, Looked);
        for (var row = 1; row < rows; row++)
        {
            for (var other = 0; other < row; other++)
            {
                if (values[(row * columns) + column] == values[(other * columns) + column])
                {
                    return true;
                }
            }
        }

        return false;
    }
}

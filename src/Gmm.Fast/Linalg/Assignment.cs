namespace Gmm.Fast.Linalg;

/// <summary>
/// Finds the cheapest assignment: the Hungarian algorithm with potentials, one shortest augmenting path per row (Kuhn 1955; Jonker and Volgenant,
/// Computing 38, 1987). O(rows^2 columns).
/// </summary>
internal static class Assignment
{
    /// <summary>Gives each row a column of its own, with the smallest sum of costs.</summary>
    /// <param name="costs">[rows x columns], finite; at most as many rows as columns.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least <paramref name="rows"/>.</param>
    /// <returns>[rows]: the column of each row.</returns>
    public static int[] Cheapest(ReadOnlySpan<double> costs, int rows, int columns)
    {
        const int None = -1;

        // The column after the last belongs to the row that looks for one.
        var (owners, previous) = (new int[columns + 1], new int[columns + 1]);
        var (ofRow, ofColumn) = (new double[rows], new double[columns + 1]);
        owners.AsSpan().Fill(None);
        for (var row = 0; row < rows; row++)
        {
            owners[columns] = row;
            var (distances, reached) = (new double[columns + 1], new bool[columns + 1]);
            distances.AsSpan().Fill(double.PositiveInfinity);
            var column = columns;
            do
            {
                reached[column] = true;
                var (owner, nearest, shortest) = (owners[column], None, double.PositiveInfinity);
                for (var j = 0; j < columns; j++)
                {
                    if (reached[j]) continue;
                    var distance = costs[owner * columns + j] - ofRow[owner] - ofColumn[j];
                    if (distance < distances[j]) (distances[j], previous[j]) = (distance, column);
                    if (distances[j] < shortest) (shortest, nearest) = (distances[j], j);
                }
                for (var j = 0; j <= columns; j++)
                {
                    if (reached[j])
                    {
                        ofRow[owners[j]] += shortest;
                        ofColumn[j] -= shortest;
                    }
                    else
                    {
                        distances[j] -= shortest;
                    }
                }
                column = nearest;
            }
            while (owners[column] != None);

            for (; column != columns; column = previous[column]) owners[column] = owners[previous[column]];
        }

        var assigned = new int[rows];
        for (var j = 0; j < columns; j++)
        {
            if (owners[j] != None) assigned[owners[j]] = j;
        }
        return assigned;
    }
}

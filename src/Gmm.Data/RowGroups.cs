using System.Numerics;

namespace Gmm.Data;

/// <summary>Collects the rows of a stream in groups, for files that hold the columns of each group one after the other.</summary>
internal static class RowGroups
{
    /// <summary>Gives all rows, as many at a time as a group has.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="most">The most rows of a group.</param>
    /// <param name="receiver">Receives the groups.</param>
    internal static void Send(RowStream table, int most, RowReceiver receiver)
    {
        var group = new double[(int)Math.Min(table.Rows, most) * table.Columns];
        var count = 0;
        table.Send(rows =>
        {
            while (!rows.IsEmpty)
            {
                var part = rows[..Math.Min(rows.Length, group.Length - count)];
                part.CopyTo(group.AsSpan(count));
                rows = rows[part.Length..];
                count += part.Length;
                if (count == group.Length)
                {
                    receiver(group);
                    count = 0;
                }
            }
        });
        if (count > 0)
        {
            receiver(group.AsSpan(0, count));
        }
    }

    /// <summary>Gives a column of some rows.</summary>
    internal static T[] Column<T>(ReadOnlySpan<double> rows, int columns, int column)
        where T : INumberBase<T>
    {
        var result = new T[rows.Length / columns];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = T.CreateTruncating(rows[(i * columns) + column]);
        }

        return result;
    }
}

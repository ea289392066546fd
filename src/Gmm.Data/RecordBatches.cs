using Apache.Arrow;

namespace Gmm.Data;

/// <summary>Takes the record batches of Apache.Arrow for points.</summary>
public static class RecordBatches
{
    /// <summary>
    /// Copies the columns of numbers of a batch to a table of doubles. The batch may be disposed afterwards. A null is a missing value, as an empty cell of a
    /// file is: <see cref="TableOptions.Missing"/> says what becomes of it.
    /// </summary>
    /// <param name="batch">N rows.</param>
    /// <param name="options">Which columns are points, and which one is the weight; null for all columns of numbers.</param>
    /// <exception cref="TableFormatException">No column holds numbers, or one that is wanted does not, or a value is missing or infinite.</exception>
    public static NumericTable ToTable(this RecordBatch batch, TableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return ArrowTable.Read(batch, "the record batch", options ?? TableOptions.Default);
    }
}

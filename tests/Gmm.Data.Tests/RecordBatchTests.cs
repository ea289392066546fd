using Apache.Arrow;
using Apache.Arrow.Types;
using Gmm.Fast;

namespace Gmm.Data.Tests;

public class RecordBatchTests
{
    [Fact]
    public void ColumnsOfNumbersAreCopiedAndTheBatchStaysWithItsOwner()
    {
        NumericTable table;
        using (var batch = Batch(weights: [1, 2, 3]))
        {
            table = batch.ToTable(new() { Columns = ["c", "a"], Weights = "w" });
            Assert.Equal(7, ((Int32Array)batch.Column("c")).GetValue(0));
        }

        Assert.Equal([7, 1.5, 8, 2.5, 9, 3.5], table.Values);
        Assert.Equal(["c", "a"], table.ColumnNames!);
        Assert.Equal([1, 2, 3], table.Weights!);
        var fit = MixtureFit.Fit(new Points(table.Values, table.Columns), new FitOptions { Components = 1, CovarianceType = CovarianceType.Spherical },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([8, 2.5], fit.Model.Means);
    }

    [Fact]
    public void ColumnsOfTextAreLeftOut()
    {
        using var batch = Batch(weights: [1, 2, 3]);
        var table = batch.ToTable();
        Assert.Equal(["a", "c", "w"], table.ColumnNames!);
        Assert.Equal("the record batch: left out: name (text)", Assert.Single(table.Notes).Message);
    }

    [Fact]
    public void ANullIsAMissingValue()
    {
        using var batch = Batch(weights: [1, null, 3]);
        Assert.StartsWith("the record batch: row 2, column 4 (w): ", Samples.Error(() => batch.ToTable()), StringComparison.Ordinal);
        Assert.Equal([1, double.NaN, 3], batch.ToTable(new() { Columns = ["w"], Missing = TableMissing.Keep }).Values);
        Assert.Equal([1, 3], batch.ToTable(new() { Columns = ["w"], Missing = TableMissing.Drop }).Values);
    }

    [Fact]
    public void ColumnsThatAreNotThereAreRefused()
    {
        using var batch = Batch(weights: [1, 2, 3]);
        Assert.StartsWith("the record batch: no column is named 'z'", Samples.Error(() => batch.ToTable(new() { Columns = ["z"] })), StringComparison.Ordinal);
        Assert.Equal("the record batch: column 2 (name) holds text; numbers are required", Samples.Error(() => batch.ToTable(new() { Columns = ["name"] })));
    }

    private static RecordBatch Batch(double?[] weights)
    {
        var numbers = new DoubleArray.Builder();
        foreach (var weight in weights)
        {
            numbers.Append(weight);
        }

        var schema = new Schema(
            [new Field("a", DoubleType.Default, true), new Field("name", StringType.Default, true), new Field("c", Int32Type.Default, true), new Field("w", DoubleType.Default, true)],
            metadata: null);
        return new RecordBatch(
            schema,
            [
                new DoubleArray.Builder().Append(1.5).Append(2.5).Append(3.5).Build(), new StringArray.Builder().Append("x").Append("y").Append("z").Build(),
                new Int32Array.Builder().Append(7).Append(8).Append(9).Build(), numbers.Build(),
            ],
            weights.Length);
    }
}

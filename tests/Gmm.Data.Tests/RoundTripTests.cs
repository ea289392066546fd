using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;

namespace Gmm.Data.Tests;

public class RoundTripTests
{
    private static readonly Gen<double> s_anyFinite = Gen.OneOf<double>(
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Where(double.IsFinite),
        Gen.Double[-1000, 1000],
        Gen.OneOf(0.0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 1e15, 1e16, 0.1));

    private static readonly Gen<string> s_name =
        Gen.String[Gen.OneOf<char>(Gen.Char['a', 'z'], Gen.OneOf(',', '"', '\n', '\t', 'é', '0')), 0, 8].Select(text => "n" + text.Trim() + "e");

    private static readonly Gen<NumericTable> s_table =
        from columns in Gen.Int[1, 7]
        from rows in Gen.Int[1, 40]
        from values in s_anyFinite.Array[rows * columns]
        from names in s_name.Array[columns]
        from named in Gen.Bool
        select new NumericTable(values, columns, named ? names : null);

    [Fact]
    public void CsvGivesBackEveryBit() => s_table.Sample(table =>
    {
        foreach (var separator in ",\t;")
        {
            using var stream = new MemoryStream();
            TableFile.WriteCsv(stream, table, separator);
            stream.Position = 0;
            AssertSame(table, TableFile.Read(stream, "data.csv", new() { Columns = [$"1-{table.Columns}"], Header = table.ColumnNames is null ? TableHeader.No : TableHeader.Yes, Separator = separator }));
        }
    });

    [Fact]
    public void NpyGivesBackEveryBit() => s_table.Sample(table =>
    {
        using var stream = new MemoryStream();
        NpyTable.Write(stream, table.Values, table.Rows, table.Columns);
        stream.Position = 0;
        AssertSame(new NumericTable(table.Values, table.Columns), TableFile.Read(stream, "data.npy"));
    });

    [Fact]
    public void TablesLargerThanAChunkSurviveNpy()
    {
        var values = Enumerable.Range(0, 300_000).Select(i => 1.0 / (i + 1)).ToArray();
        using var stream = new MemoryStream();
        NpyTable.Write(stream, values, 100_000, 3);
        Assert.Equal(values, TableFile.Read(new Samples.Pipe(stream.ToArray(), 10_000), "data.npy").Values);
    }

    /// <summary>The parser of the CSV library is its own; the runtime's is the judge, in both directions.</summary>
    [Fact]
    public void ACellIsANumberExactlyWhenTheRuntimeSaysSo() =>
        Gen.String[Gen.OneOf<char>(Gen.Char['0', '9'], Gen.OneOf('+', '-', '.', 'e', 'E', ' ', 'x', '(', '$')), 1, 25].Sample(cell =>
        {
            var expected = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
            try
            {
                var options = new TableOptions { Columns = ["1", "2"], Header = TableHeader.No, Separator = ',' };
                var read = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes($"1,2\n{cell},2\n")), "data.csv", options).Values[2];
                Assert.True(expected, cell);
                Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(read));
            }
            catch (TableFormatException)
            {
                Assert.False(expected, cell);
            }
        }, iter: 20_000);

    /// <summary>The setting of a German desktop; the name de-DE itself is not known where globalization is invariant.</summary>
    [Fact]
    public void TheCultureOfTheThreadChangesNothing()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        german.NumberFormat.NaNSymbol = "keine Zahl";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = german;
            using var stream = new MemoryStream();
            TableFile.WriteCsv(stream, new NumericTable([-1.5, 2e-10, 1234567.25, -0.0], 2, ["a", "b"]));
            Assert.Equal("a,b\n-1.5,2E-10\n1234567.25,-0\n", Encoding.UTF8.GetString(stream.ToArray()));
            Assert.Equal([-1.5, 1234.25], Samples.ReadCsv("-1.5,1234.25\n").Values);
            Assert.Equal("data.csv:1: column 1: 'Infinity' is not finite", Samples.CsvError("Infinity,1\n"));
            Assert.Equal("data.npy: row 1, column 1: Infinity is not finite", Samples.NpyError(Samples.Npy("<f8", "(1,)", Samples.Bytes(double.PositiveInfinity))));
            stream.SetLength(0);
            NpyTable.Write(stream, [-1.5], 1, 1);
            stream.Position = 0;
            Assert.Equal([-1.5], TableFile.Read(stream, "data.npy").Values);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertSame(NumericTable expected, NumericTable actual)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        Assert.True(MemoryMarshal.AsBytes<double>(expected.Values).SequenceEqual(MemoryMarshal.AsBytes<double>(actual.Values)));
        Assert.Equal(expected.ColumnNames, actual.ColumnNames);
    }
}

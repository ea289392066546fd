using System.Buffers.Binary;
using System.Text;

namespace Gmm.Data.Tests;

public class NpyTests
{
    private const string Good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryVersionIsReadFromFilesAndPipes(byte major)
    {
        var bytes = Samples.Npy(Good, Samples.Bytes(1, 2, 3, 4), major);
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 5) })
        {
            var table = TableFile.Read(stream, "data.npy");
            Assert.Equal([1, 2, 3, 4], table.Values);
            Assert.Equal((2, 2), (table.Rows, table.Columns));
        }
    }

    [Theory]
    [InlineData("{\"shape\":(2L,2L),\"fortran_order\":False,\"descr\":\"<f8\"}")]
    [InlineData("  {'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 2 , 2 , ) , }   ")]
    public void TheDictionaryMayBeWrittenInOtherWays(string dictionary) =>
        Assert.Equal([1, 2, 3, 4], Read(Samples.Npy(dictionary, Samples.Bytes(1, 2, 3, 4))).Values);

    [Fact]
    public void OneDimensionIsOneColumn()
    {
        var table = Read(Samples.Npy("<f8", "(3,)", Samples.Bytes(1, 2, 3)));
        Assert.Equal((3, 1), (table.Rows, table.Columns));
    }

    [Fact]
    public void FortranOrderIsTransposedAndColumnsAreChosen()
    {
        var bytes = Samples.Npy("<f8", "(2, 3)", Samples.Bytes(1, 4, double.NaN, 5, 3, 6), fortran: true);
        Assert.Equal([3, 1, 6, 4], Read(bytes, ["3", "1"]).Values);
        bytes = Samples.Npy("<f8", "(2, 3)", Samples.Bytes(1, double.NaN, 3, 4, 5, 6));
        Assert.Equal([3, 1, 6, 4], Read(bytes, ["3", "1"]).Values);
    }

    [Theory]
    [InlineData("f8")]
    [InlineData("f4")]
    [InlineData("i8")]
    [InlineData("i4")]
    [InlineData("i2")]
    [InlineData("i1")]
    [InlineData("u8")]
    [InlineData("u4")]
    [InlineData("u2")]
    [InlineData("u1")]
    public void EveryNumberTypeIsReadInBothByteOrders(string type)
    {
        double[] expected = type[0] == 'u' ? [0, 1, 200] : [-100, 1, 100];
        foreach (var order in "<>|")
        {
            if (order == '|' && type[1] != '1')
            {
                continue;
            }

            var data = expected.SelectMany(value => Encode(type, value, order == '>')).ToArray();
            Assert.Equal(expected, Read(Samples.Npy($"{order}{type}", "(3,)", data)).Values);
        }
    }

    [Fact]
    public void ExtremesOfTheIntegerTypes()
    {
        Assert.Equal([-9223372036854775808.0, 9223372036854775807.0],
            Read(Samples.Npy("<i8", "(2,)", [.. BitConverter.GetBytes(long.MinValue), .. BitConverter.GetBytes(long.MaxValue)])).Values);
        Assert.Equal([18446744073709551615.0], Read(Samples.Npy("<u8", "(1,)", BitConverter.GetBytes(ulong.MaxValue))).Values);
    }

    [Theory]
    [InlineData("|O", " (Python objects)")]
    [InlineData("<c16", " (complex)")]
    [InlineData("|S5", " (text)")]
    [InlineData("<U5", " (text)")]
    [InlineData("|V8", " (raw bytes)")]
    [InlineData("<M8[ns]", " (time)")]
    [InlineData("<f16", " (long double)")]
    [InlineData("|f8", "")]
    [InlineData("f8", "")]
    [InlineData("", "")]
    public void OtherTypesAreRefused(string descr, string meaning) =>
        Assert.Equal($"data.npy: dtype '{descr}'{meaning} is not supported; a float of 2, 4 or 8 bytes, an integer or bool is required",
            Samples.NpyError(Samples.Npy(descr, "(1,)", new byte[8])));

    [Fact]
    public void HalvesAndTruthsAreNumbers()
    {
        Assert.Equal([1.5, -2], Read(Samples.Npy("<f2", "(2,)", [0, 0x3E, 0, 0xC0])).Values);
        Assert.Equal([1.5, -2], Read(Samples.Npy(">f2", "(2,)", [0x3E, 0, 0xC0, 0])).Values);
        Assert.Equal([1, 0, 1], Read(Samples.Npy("|b1", "(3,)", [1, 0, 1])).Values);
    }

    [Fact]
    public void RecordsOfNumbersKeepTheirNames()
    {
        byte[] Record(short a, double b, float c, float d) =>
            [.. "id".Select(c => (byte)c), .. BitConverter.GetBytes(a).Reverse(), .. BitConverter.GetBytes(b), 0, 0, .. BitConverter.GetBytes(c), .. BitConverter.GetBytes(d)];
        const string Descr = "[('id', '|S2'), ('a', '>i2'), (('title', 'b'), '<f8'), ('', '|V2'), ('v', '<f4', (2,))]";
        byte[] Bytes(string shape, params byte[][] records) =>
            Samples.Npy($"{{'descr': {Descr}, 'fortran_order': False, 'shape': {shape}, }}", [.. records.SelectMany(record => record)]);
        var bytes = Bytes("(2,)", Record(1, 2.5, 3, 4), Record(-5, 6.5, 7, 8));
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 7) })
        {
            var table = TableFile.Read(stream, "data.npy");
            Assert.Equal([1, 2.5, 3, 4, -5, 6.5, 7, 8], table.Values);
            Assert.Equal(["a", "b", "v[0]", "v[1]"], table.ColumnNames);
            Assert.Equal("data.npy: 2 points of 4 columns; left out: id (text)", Assert.Single(table.Notes).Message);
        }

        Assert.Equal([2.5, 1, 6.5, -5], Read(bytes, ["b", "a"]).Values);
        Assert.Equal("data.npy: the data end after 43 bytes; the shape takes 44", Samples.NpyError(bytes[..^1]));
        Assert.Equal("data.npy: shape '(1, 2)' of records has 2 dimensions; 1 is required", Samples.NpyError(Bytes("(1, 2)")));
    }

    [Theory]
    [InlineData("[('a', '|S2')]", "no field of the records is a number; a float of 2, 4 or 8 bytes, an integer or bool is required")]
    [InlineData("[('a', '<f8'), ('o', '|O')]",
        "field 'o': dtype '|O' (Python objects) is not supported; a float of 2, 4 or 8 bytes, an integer or bool is required")]
    [InlineData("[('p', [('x', '<f8')])]", "the dtype has fields that have fields; fields of numbers are required")]
    [InlineData("[('a', '<f8', (2000000000,))]", "a record is longer than 16 MiB")]
    public void OtherRecordsAreRefused(string descr, string problem) => Assert.Equal($"data.npy: {problem}",
        Samples.NpyError(Samples.Npy($"{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}", new byte[16])));

    [Fact]
    public void NanIsAMissingValue()
    {
        var bytes = Samples.Npy("<f8", "(3, 2)", Samples.Bytes(1, 2, double.NaN, 4, 5, double.NaN));
        Assert.Equal("data.npy: row 2, column 1: NaN stands for a missing value; 2 values in 2 of 3 rows are missing; Missing = Drop leaves such rows out, Missing = Keep gives NaN",
            Samples.NpyError(bytes));
        var dropped = TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Missing = TableMissing.Drop });
        Assert.Equal([1, 2], dropped.Values);
        Assert.Equal("data.npy: 1 point of 2 columns; 2 of 3 rows left out for missing values", Assert.Single(dropped.Notes).Message);
        Assert.Equal([1, 2, double.NaN, 4, 5, double.NaN], TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Missing = TableMissing.Keep }).Values);
        Assert.Equal([1, 5], TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Columns = ["1"], Missing = TableMissing.Drop }).Values);
    }

    [Theory]
    [InlineData("()", "shape '()' has 0 dimensions; 1 or 2 are required")]
    [InlineData("(1, 1, 1)", "shape '(1, 1, 1)' has 3 dimensions; 1 or 2 are required, as a.reshape(len(a), -1) gives")]
    [InlineData("(0, 3)", "shape '(0, 3)' holds no numbers")]
    [InlineData("(3, 0)", "shape '(3, 0)' holds no numbers")]
    [InlineData("(3000000000,)", "shape '(3000000000,)' holds more than 2147483591 numbers, the most that fit in one table")]
    [InlineData("(2000000000, 2)", "shape '(2000000000, 2)' holds more than 2147483591 numbers, the most that fit in one table")]
    [InlineData("(4294967296, 4294967296)", "shape '(4294967296, 4294967296)' holds more than 2147483591 numbers, the most that fit in one table")]
    [InlineData("(99999999999999999999, 1)", "shape '(99999999999999999999, 1)' holds more than 2147483591 numbers, the most that fit in one table")]
    [InlineData("(2147483591,)", "the data end after 8 bytes; the shape takes 17179868728")]
    [InlineData("(2, 1)", "the data end after 8 bytes; the shape takes 16")]
    public void ShapesThatCannotBe(string shape, string problem) =>
        Assert.Equal($"data.npy: {problem}", Samples.NpyError(Samples.Npy("<f8", shape, new byte[8])));

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False}")]
    [InlineData("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}")]
    [InlineData("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)")]
    [InlineData("{'descr': '<f8")]
    [InlineData("[]")]
    [InlineData("")]
    public void HeadersThatAreNone(string dictionary)
    {
        var message = Samples.NpyError(Samples.Npy(dictionary, new byte[8]));
        var shown = dictionary.Length > 40 ? dictionary[..40] + "..." : dictionary;
        Assert.Equal($"data.npy: the header '{shown}' is not that of an array", message);
    }

    [Fact]
    public void DamagedStartsAndEnds()
    {
        var good = Samples.Npy(Good, Samples.Bytes(1, 2, 3, 4));
        Assert.Equal("data.npy: the file is empty; a .npy array is required", Samples.NpyError([]));
        Assert.Equal("data.npy: the file does not start as a .npy file does", Samples.NpyError(good[..5]));
        Assert.Equal("data.npy: the file does not start as a .npy file does", Samples.NpyError(Encoding.UTF8.GetBytes("1,2\n3,4\n5,6\n")));
        Assert.Equal("data.npy: the file ends within its header", Samples.NpyError(good[..9]));
        Assert.Equal("data.npy: the file ends within its header", Samples.NpyError(good[..50]));
        Assert.Equal("data.npy: the data end after 0 bytes; the shape takes 32", Samples.NpyError(good[..^32]));
        Assert.Equal("data.npy: the data end after 31 bytes; the shape takes 32", Samples.NpyError(good[..^1]));
        Assert.Equal("data.npy: bytes follow the end of the data; the shape takes 32", Samples.NpyError([.. good, 0]));
        good[6] = 9;
        Assert.Equal("data.npy: .npy version 9.0 is not known; 1.0, 2.0 or 3.0 is required", Samples.NpyError(good));
    }

    [Fact]
    public void AHeaderLongerThanTheFileIsNotAllocated()
    {
        byte[] bytes = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F, .. "{'descr'"u8];
        Assert.Equal("data.npy: the file ends within its header", Samples.Error(() => Read(bytes)));
        Assert.Equal("data.npy: the header says it is 2147483647 bytes long; at most 65536 are expected",
            Samples.Error(() => TableFile.Read(new Samples.Pipe(bytes, 8), "data.npy")));
    }

    [Fact]
    public void AWidthThatIsOnlyClaimedTakesNoMemory()
    {
        var file = Samples.Npy("<f8", "(1, 2147483591)", new byte[8]);
        foreach (var stream in new Stream[] { new MemoryStream(file), new Samples.Pipe(file, 5) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("data.npy: the data end after 8 bytes; the shape takes 17179868728", Samples.Error(() => TableFile.Read(stream, "data.npy")));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void WhatIsNotFiniteIsNamedByRowAndColumn(double value, string shown)
    {
        var values = new double[36];
        values[(11 * 3) + 2] = value;
        var expected = $"data.npy: row 12, column 3: {shown} is not finite";
        var file = Samples.Npy("<f8", "(12, 3)", Samples.Bytes(values));
        Assert.Equal(expected, Samples.NpyError(file));
        Assert.Equal(expected, Samples.NpyError(file, ["1", "3"]));
        Assert.Equal(expected, Samples.NpyError(Samples.Npy("<f8", "(12, 3)", Samples.Bytes(values), fortran: true)));
    }

    [Fact]
    public void ColumnsHaveNumbersOnly()
    {
        var good = Samples.Npy(Good, Samples.Bytes(1, 2, 3, 4));
        Assert.Equal("data.npy: no column is named 'a': a .npy file has no names; choose columns by number", Samples.NpyError(good, ["a"]));
        Assert.Equal("data.npy: there is no column '3'; the columns are 1 to 2", Samples.NpyError(good, ["3"]));
    }

    [Fact]
    public void WrittenFilesAreAsNumpyWritesThem()
    {
        using var stream = new MemoryStream();
        NpyTable.Write(stream, [1, 2, 3, 4, 5, 6], 2, 3);
        var bytes = stream.ToArray();
        Assert.Equal(128 + (6 * 8), bytes.Length);
        Assert.Equal((byte[])[0x93, .. "NUMPY"u8, 1, 0, 118, 0], bytes[..10]);
        Assert.Equal("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", Encoding.ASCII.GetString(bytes, 10, 118));
        Assert.Equal(Samples.Bytes(1, 2, 3, 4, 5, 6), bytes[128..]);
        Assert.Throws<ArgumentException>(() => NpyTable.Write(stream, [1, 2, 3], 2, 2));
    }

    private static NumericTable Read(byte[] bytes, string[]? columns = null) => TableFile.Read(new MemoryStream(bytes), "data.npy", Samples.Chosen(columns));

    private static byte[] Encode(string type, double value, bool bigEndian)
    {
        var bytes = new byte[8];
        var size = type[1] - '0';
        if (type[0] == 'f')
        {
            var bits = size == 8 ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.SingleToUInt32Bits((float)value);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, bits);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value);
        }

        var item = bytes[..size];
        return bigEndian ? [.. item.Reverse()] : item;
    }
}

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
            var table = NpyTable.Read(stream, "data.npy");
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
    [InlineData("|b1", " (bool)")]
    [InlineData("|S5", " (text)")]
    [InlineData("<U5", " (text)")]
    [InlineData("|V8", " (raw bytes)")]
    [InlineData("<M8[ns]", " (time)")]
    [InlineData("<f2", "")]
    [InlineData("<f16", "")]
    [InlineData("|f8", "")]
    [InlineData("f8", "")]
    [InlineData("", "")]
    public void OtherTypesAreRefused(string descr, string meaning) =>
        Assert.Equal($"data.npy: dtype '{descr}'{meaning} is not supported; f4, f8 or an integer is required",
            Samples.NpyError(Samples.Npy(descr, "(1,)", new byte[8])));

    [Fact]
    public void StructuredTypesAreRefused() =>
        Assert.Equal("data.npy: structured dtypes are not supported; f4, f8 or an integer is required",
            Samples.NpyError(Samples.Npy("{'descr': [('x', '<f8'), ('y', '<f8')], 'fortran_order': False, 'shape': (1,), }", new byte[16])));

    [Theory]
    [InlineData("()", "shape '()' has 0 dimensions; 1 or 2 are required")]
    [InlineData("(1, 1, 1)", "shape '(1, 1, 1)' has 3 dimensions; 1 or 2 are required")]
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
            Samples.Error(() => NpyTable.Read(new Samples.Pipe(bytes, 8), "data.npy")));
    }

    [Fact]
    public void AWidthThatIsOnlyClaimedTakesNoMemory()
    {
        var file = Samples.Npy("<f8", "(1, 2147483591)", new byte[8]);
        foreach (var stream in new Stream[] { new MemoryStream(file), new Samples.Pipe(file, 5) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("data.npy: the data end after 8 bytes; the shape takes 17179868728", Samples.Error(() => NpyTable.Read(stream, "data.npy")));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
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

    private static NumericTable Read(byte[] bytes, string[]? columns = null) => NpyTable.Read(new MemoryStream(bytes), "data.npy", columns);

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

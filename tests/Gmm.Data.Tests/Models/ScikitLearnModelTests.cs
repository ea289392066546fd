using System.IO.Compression;
using System.Text;
using Gmm.Data.Models;
using Gmm.Fast;

namespace Gmm.Data.Tests.Models;

public class ScikitLearnModelTests
{
    private static readonly (string Name, byte[] Content) s_weights = ("weights_", Samples.Npy("<f8", "(2,)", Samples.Bytes(0.25, 0.75)));
    private static readonly (string Name, byte[] Content) s_means = ("means_", Samples.Npy("<f8", "(2, 2)", Samples.Bytes(1, 2, 3, 4)));
    private static readonly (string Name, byte[] Content) s_full = ("covariances_", Samples.Npy("<f8", "(2, 2, 2)", Samples.Bytes(2, 0.5, 0.5, 3, 1, 0, 0, 4)));

    public static TheoryData<string, string, byte[], string> Refusals => new()
    {
        { "weights_", "absent", [], "no array is named 'weights_', as one of a fitted GaussianMixture of scikit-learn is; the arrays are 'means_', 'covariances_'" },
        { "weights_", "2-D", Samples.Npy("<f8", "(1, 2)", Samples.Bytes(0.25, 0.75)), "weights_ has shape (1, 2); one dimension is required" },
        { "weights_", "sum", Samples.Npy("<f8", "(2,)", Samples.Bytes(0.25, 0.7)), "weights sum to 0.95; 1 is required" },
        { "weights_", "sum of floats", Samples.Npy("<f4", "(2,)", [.. BitConverter.GetBytes(0.25f), .. BitConverter.GetBytes(0.5f)]), "weights sum to 0.75; 1 is required" },
        { "weights_", "NaN", Samples.Npy("<f8", "(2,)", Samples.Bytes(0.25, double.NaN)), "weights[1] is NaN; finite values are required" },
        { "weights_", "text", Samples.Npy("<U1", "(2,)", new byte[8]), "weights_.npy: the array is of text; numbers are required" },
        { "weights_", "objects", Samples.Npy("|O", "(2,)", []), "weights_.npy: dtype '|O' (Python objects) is not supported; a float of 2, 4 or 8 bytes, an integer or bool is required" },
        { "weights_", "short", Samples.Npy("<f8", "(2,)", Samples.Bytes(1)), "weights_.npy: the array has 8 bytes of data; its shape takes 16" },
        { "weights_", "long", Samples.Npy("<f8", "(2,)", Samples.Bytes(1, 2, 3)), "weights_.npy: the array has more than 16 bytes of data; its shape takes 16" },
        { "weights_", "huge", Samples.Npy("<f8", "(9000000000,)", []), "weights_.npy: shape '(9000000000,)' takes more than 2147483591 bytes, the most that an array has" },
        { "weights_", "huge and empty", Samples.Npy("<f8", "(0, 9000000000)", []), "weights_.npy: shape '(0, 9000000000)' takes more than 2147483591 bytes, the most that an array has" },
        { "weights_", "empty", Samples.Npy("<f8", "(0,)", []), "means_ has shape (2, 2); 0 rows, one per weight, are required" },
        { "means_", "other count", Samples.Npy("<f8", "(1, 2)", Samples.Bytes(1, 2)), "means_ has shape (1, 2); 2 rows, one per weight, are required" },
        { "covariances_", "no form", Samples.Npy("<f8", "(3,)", Samples.Bytes(1, 1, 1)), "covariances_ has shape (3,), which no covariance_type of 2 components in 2 dimensions has" },
        { "covariances_", "two forms", Samples.Npy("<f8", "(2, 2)", Samples.Bytes(1, 0, 0, 1)), "covariances_ of shape (2, 2) may be tied or diag; an array covariance_type has to say which" },
        { "covariances_", "indefinite", Samples.Npy("<f8", "(2, 2, 2)", Samples.Bytes(2, 0.5, 0.5, 3, 1, 2, 2, 1)), "covariances: component 1 is not positive definite, pivot 1 is -3; a positive one is required" },
        { "covariance_type", "unknown", Text("round"), "covariance_type is 'round'; full, tied, diag or spherical is required" },
        { "covariance_type", "number", Samples.Npy("<f8", "()", Samples.Bytes(1)), "covariance_type.npy: the array is of numbers; text, full, tied, diag or spherical, is required" },
        { "covariance_type", "objects", Samples.Npy("|O", "()", []), "covariance_type.npy: dtype '|O' (Python objects) is not supported; text, full, tied, diag or spherical, is required" },
        { "covariance_type", "two", Samples.Npy("<U4", "(2,)", Encoding.UTF32.GetBytes("fulltied")), "covariance_type.npy: the array has 2 texts; 1 is required" },
        { "covariance_type", "no characters", Samples.Npy("<U0", "(2000000000,)", []), "covariance_type.npy: dtype '<U0' is text without characters; text, full, tied, diag or spherical, is required" },
        { "covariance_type", "other form", Text("tied"), "covariances_ has shape (2, 2, 2); (2, 2) is required, tied of 2 components in 2 dimensions" },
        { "feature_names_in_", "objects", Samples.Npy("|O", "(2,)", []), "feature_names_in_.npy: dtype '|O' (Python objects) is not supported; text, as feature_names_in_.astype(str) gives, is required" },
        { "feature_names_in_", "count", Text("a"), "feature_names_in_.npy: the array has 1 names; 2 are required" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WhatIsNoMixtureIsRefused(string array, string what, byte[] content, string problem)
    {
        (string Name, byte[] Content)[] arrays = [.. new[] { s_weights, s_means, s_full }.Where(entry => entry.Name != array)];
        if (what != "absent") arrays = [.. arrays, (array, content)];
        Assert.Equal($"m.npz: {problem}", Samples.Error(() => ScikitLearnModel.Read(new MemoryStream(Zip(arrays)), "m.npz")));
        Assert.Equal($"m.npz: {problem}", Samples.Error(() => ForeignModel.Read(new Samples.Pipe(Zip(arrays), 7), "m.npz")));
    }

    [Fact]
    public void ArraysOfEveryOrderAndSizeAreRead()
    {
        byte[] swapped = [.. new[] { 0.25, 0.75 }.SelectMany(weight => BitConverter.GetBytes(weight).Reverse())];
        var model = Read(
            ("weights_", Samples.Npy(">f8", "(2,)", swapped)),
            ("means_", Samples.Npy("<i8", "(2, 3)", [.. new long[] { 1, 4, 2, 5, 3, 6 }.SelectMany(BitConverter.GetBytes)], fortran: true)),
            ("covariances_", Samples.Npy("<f8", "(2, 3, 3)", Samples.Bytes([.. Enumerable.Range(0, 18).Select(Column)]), fortran: true)));
        Assert.Equal([0.25, 0.75], model.Weights);
        Assert.Equal([1, 2, 3, 4, 5, 6], model.Means);
        for (var i = 0; i < 18; i++) Assert.Equal(Entry(i / 9, i / 3 % 3, i % 3), model.Covariances[i]);

        // Column-major: the component is the first index, and changes first.
        static double Column(int i) => Entry(i % 2, i / 2 % 3, i / 6);
        static double Entry(int k, int row, int column) => row == column ? 10 + k : 0.5 + k + row + column;
    }

    [Fact]
    public void WeightsInFloatsMaySumToNearlyOne()
    {
        float[] thirds = [1f / 3, 1f / 3, 0.33333343f];
        var model = Read(
            ("weights_", Samples.Npy("<f4", "(3,)", [.. thirds.SelectMany(BitConverter.GetBytes)])),
            ("means_", Samples.Npy("<f8", "(3, 1)", Samples.Bytes(1, 2, 3))),
            ("covariances_", Samples.Npy("<f8", "(3,)", Samples.Bytes(1, 1, 2))));
        Assert.Equal(1, model.Weights.ToArray().Sum(), 1e-15);
        Assert.Equal(CovarianceType.Spherical, model.CovarianceType);
    }

    [Fact]
    public void OtherArraysAreNotRead() =>
        Assert.Equal(2, Read(s_weights, s_means, s_full, ("precisions_", "no array"u8.ToArray()), ("n_iter_", [])).ComponentCount);

    [Fact]
    public void ANameThatComesTwiceIsRefused() =>
        Assert.Equal("m.npz: several arrays are named 'means_'; one is required", Samples.Error(() => Read(s_weights, s_means, s_means, s_full)));

    [Fact]
    public void NamesOfColumnsStay()
    {
        var model = new GaussianMixture(CovarianceType.TiedSpherical, 2, [1], [1, 2], [3], ["größe", "𝛼"]);
        using var stream = new MemoryStream();
        ScikitLearnModel.Write(stream, model);
        stream.Position = 0;
        Assert.Equal(model.ColumnNames, ScikitLearnModel.Read(stream, "m.npz").ColumnNames);
    }

    [Theory]
    [InlineData(CovarianceType.Diagonal, CovarianceType.Diagonal)]
    [InlineData(CovarianceType.Spherical, CovarianceType.Spherical)]
    [InlineData(CovarianceType.TiedSpherical, CovarianceType.Spherical)]
    public void OneColumnKeepsTheForm(CovarianceType type, CovarianceType form)
    {
        using var stream = new MemoryStream();
        ScikitLearnModel.Write(stream, new GaussianMixture(type, 1, [0.5, 0.5], [1, 2], type == CovarianceType.TiedSpherical ? [3] : [3, 4]));
        stream.Position = 0;
        Assert.Equal(form, ScikitLearnModel.Read(stream, "m.npz").CovarianceType);
    }

    [Fact]
    public void DamageIsRefusedOrChangesNoNumber()
    {
        var good = Zip(s_weights, s_means, s_full);
        for (var i = 0; i < good.Length; i++)
        {
            byte[] bytes = [.. good];
            bytes[i] ^= 0x81;
            try
            {
                Assert.Equal([2, 0.5, 0.5, 3, 1, 0, 0, 4], ScikitLearnModel.Read(new MemoryStream(bytes), "m.npz").Covariances);
            }
            catch (TableFormatException e)
            {
                Assert.StartsWith("m.npz: ", e.Message, StringComparison.Ordinal);
            }

            if (i > 0) Assert.Throws<TableFormatException>(() => ScikitLearnModel.Read(new MemoryStream(good[..i]), "m.npz"));
        }
    }

    private static GaussianMixture Read(params (string Name, byte[] Content)[] arrays) => ScikitLearnModel.Read(new MemoryStream(Zip(arrays)), "m.npz");

    private static byte[] Text(string text) => Samples.Npy($"<U{text.Length}", "()", Encoding.UTF32.GetBytes(text));

    private static byte[] Zip(params (string Name, byte[] Content)[] arrays)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in arrays)
            {
                using var entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}

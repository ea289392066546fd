using System.Text;
using Gmm.Data.Models;
using Gmm.Fast;

namespace Gmm.Data.Tests.Models;

public class MclustModelTests
{
    private const string Good = """
        {"modelName":["VVV"],"d":[2],"G":[2],"parameters":{"pro":[0.25,0.75],"mean":[[1,3],[2,4]],
        "variance":{"modelName":["VVV"],"sigma":[[[2,1],[0.5,0]],[[0.5,0],[3,4]]]},"Vinv":{}}}
        """;

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "\"VVV\"],\"d\"", "\"ABC\"],\"d\"", "modelName is 'ABC'; VVV, EVE, VEE, VVE, EEV, VEV, EVV, XXX, EEE, VVI, VEI, EVI, XXI, VII, XII, EEI, EII are possible in 2 dimensions" },
        { "\"VVV\"],\"d\"", "\"V\"],\"d\"", "modelName is 'V'; VVV, EVE, VEE, VVE, EEV, VEV, EVV, XXX, EEE, VVI, VEI, EVI, XXI, VII, XII, EEI, EII are possible in 2 dimensions" },
        { "\"VVV\"],\"d\"", "1],\"d\"", "modelName is an array; a string is required" },
        { "\"VVV\"],\"d\"", "\"EEE\"],\"d\"", "sigma[0][0][1] is 1, which is not of the model EEE: 2 is required" },
        { "\"VVV\"],\"d\"", "\"VVI\"],\"d\"", "sigma[0][1][0] is 0.5, which is not of the model VVI: 0 is required" },
        { "\"d\":[2]", "\"d\":[0]", "d is 0; a whole number of at least 1 is required" },
        { "\"d\":[2]", "\"d\":[2,2]", "d has lengths [2]; [] are required" },
        { "\"d\":[2]", "\"d\":[3]", "mean has lengths [2, 2]; [3, 2] are required" },
        { "\"G\":[2]", "\"G\":3", "pro has lengths [2]; [3] are required" },
        { "\"G\":[2]", "\"G\":\"two\"", "G holds a string; finite numbers are required" },
        { "\"pro\":", "\"prop\":", "parameters has no 'pro'" },
        { "[0.25,0.75]", "[0.25,null]", "pro holds null; finite numbers are required" },
        { "[0.25,0.75]", "[0.25,1e999]", "pro holds 1e999; finite numbers are required" },
        { "[0.25,0.75]", "[0.25,0.5]", "weights sum to 0.75; 1 is required" },
        { "[0.25,0.75]", "[]", "pro holds an empty array" },
        { "[[1,3],[2,4]]", "[[1,3],[2]]", "mean has inner arrays of different lengths; 2 numbers or arrays are required in each" },
        { "[3,4]]]", "[-3,4]]]", "covariances: component 0 is not positive definite, pivot 1 is -3.125; a positive one is required" },
        { "\"Vinv\":{}", "\"Vinv\":0.1", "parameters.Vinv says that the model has a noise component; a mixture of normal components alone is required" },
        { "\"Vinv\":{}", "\"Vinv\":[0.1]", "parameters.Vinv says that the model has a noise component; a mixture of normal components alone is required" },
        { "{\"pro\"", "[{\"pro\"", "line 2, byte 86: the file is not JSON; parameters of mclust as JSON are required" },
        { "\"VVV\"],\"d\"", "\"\\ud800\"],\"d\"", "a text is not valid Unicode" },
        { "\"modelName\":[\"VVV\"],\"d\"", "\"\\ud800\":1,\"d\"", "the document has no 'modelName'" },
        { "\"parameters\":{", "\"parameters\":[1],\"other\":{", "parameters is an array; an object is required" },
        { "\"variance\":{", "\"variance\":\"VVV\",\"other\":{", "parameters.variance is a string; an object is required" },
        { "\"sigma\":", "\"Sigma\":", "parameters.variance has no 'sigma'" },
        { "\"parameters\":", "\"columns\":[\"a\"],\"parameters\":", "columns: an array of 2 names is required" },
    };

    [Fact]
    public void TheComponentsAreInnermost()
    {
        var model = Read(Good);
        Assert.Equal((CovarianceType.Full, 2, 2), (model.CovarianceType, model.ComponentCount, model.Dimension));
        Assert.Equal([0.25, 0.75], model.Weights);
        Assert.Equal([1, 2, 3, 4], model.Means);
        Assert.Equal([2, 0.5, 0.5, 3, 1, 0, 0, 4], model.Covariances);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WhatIsNoMixtureIsRefused(string text, string other, string problem)
    {
        Assert.Contains(text, Good, StringComparison.Ordinal);
        Assert.Equal($"m.json: {problem}", Samples.Error(() => Read(Good.Replace(text, other, StringComparison.Ordinal))));
    }

    [Fact]
    public void NumbersMayStandForVectorsOfOne()
    {
        var model = Read("""{"modelName":"X","d":1,"G":1,"parameters":{"pro":1,"mean":[2],"variance":{"sigmasq":3}}}""");
        Assert.Equal([2, 3], [model.Means[0], model.Variance(0, 0)]);
    }

    [Fact]
    public void AMarkOfTheByteOrderIsNoPartOfTheText()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good)];
        Assert.Equal(2, ForeignModel.Read(new MemoryStream(bytes), "m.json").ComponentCount);
    }

    [Fact]
    public void EveryEndWithinTheTextIsRefused()
    {
        var text = Good.TrimEnd();
        for (var i = 0; i < text.Length; i++)
        {
            Assert.StartsWith("m.json: ", Samples.Error(() => Read(text[..i])), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(CovarianceType.Full, new double[] { 2, 3 }, "\"modelName\": \"V\"")]
    [InlineData(CovarianceType.TiedSpherical, new double[] { 2 }, "\"modelName\": \"E\"")]
    public void OneColumnHasModelsOfItsOwn(CovarianceType type, double[] variances, string name)
    {
        using var stream = new MemoryStream();
        MclustModel.Write(stream, new GaussianMixture(type, 1, [0.5, 0.5], [1, 2], variances, ["x"]));
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Contains(name, text, StringComparison.Ordinal);
        var model = Read(text);
        Assert.Equal(["x"], model.ColumnNames!);
        Assert.Equal([variances[0], variances[^1]], [model.Variance(0, 0), model.Variance(1, 0)]);
    }

    private static GaussianMixture Read(string text) => MclustModel.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "m.json");
}

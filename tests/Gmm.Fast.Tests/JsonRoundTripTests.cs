using System.Text;
using System.Text.Json;
using CsCheck;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that JSON keeps models and results unchanged, and that optional parts may be absent.</summary>
public class JsonRoundTripTests
{
    private static readonly string[] s_names =
        ["x", "", "a \"quoted\" name", "back\\slash", "tab\tnewline\nreturn\r", "\u0001\u001f\u007f", "größe", "身長", "😀", "</script>", "\u2028", "a'b&c+d"];

    private static readonly Gen<GaussianMixture> s_models = Gen.Select(
        Gen.OneOf(Layout.CovarianceTypes.ToArray()), Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[0, 1 << 20],
        (type, k, d, seed) =>
        {
            // Means of any finite bits: all exponents, subnormal numbers, -0. Covariances over 60 decades.
            var random = new Random(seed);
            var problem = Blobs.Build(seed, n: 1, d, k, type, condition: 1e3);
            var scale = Math.Pow(10, random.Next(-30, 30));
            var means = new double[k * d];
            for (var i = 0; i < means.Length; i++)
            {
                do means[i] = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
                while (!double.IsFinite(means[i]));
            }
            if (seed % 5 == 0) means[0] = -0.0;
            if (seed % 5 == 1) means[0] = double.Epsilon;
            if (seed % 5 == 2) means[0] = double.MaxValue;
            string[]? names = seed % 3 == 0 ? null : [.. Enumerable.Range(0, d).Select(j => s_names[(seed + j) % s_names.Length])];
            return new GaussianMixture(Adapters.Type(type), d, problem.Weights, means, [.. problem.Covariances.Select(c => c * scale)], names);
        });

    [Fact]
    public void ModelsComeBackBitForBit() => s_models.Sample(model =>
    {
        var json = model.ToJson();
        var back = GaussianMixture.FromJson(json);
        Measures.SameBits(model, back);
        Assert.Equal(model.ColumnNames, back.ColumnNames);
        Assert.Equal(json, back.ToJson());

        using var stream = new MemoryStream();
        model.Save(stream);
        Assert.Equal(json, Encoding.UTF8.GetString(stream.ToArray()));
        stream.Position = 0;
        Measures.SameBits(model, GaussianMixture.Load(stream));
        Assert.True(stream.CanRead, "the stream was closed");
        stream.Position = 0;
        Assert.Null(FitResult.Load(stream));
    }, iter: 500, print: model => model.ToJson());

    [Theory]
    [ClassData(typeof(EveryType))]
    public void ResultsComeBackFieldByField(string type)
    {
        var problem = Blobs.Build(seed: 4, n: 80, d: 3, k: 2, type);
        var options = problem.Options(5, regularization: 1e-3) with { Seed = long.MinValue + 17, ColumnNames = ["a", "b", "c"] };
        foreach (var stop in (StopRule[])[StopRule.FixedCount, StopRule.MeanChange(1e-3), StopRule.TotalRise(0.1)])
            AssertComesBack(MixtureFit.Fit(new Points(problem.Data, 3), options with { Stop = stop }));
        for (var i = 0; i < 80; i++) problem.Data[3 * i] = 1;
        var collapsed = MixtureFit.Fit(new Points(problem.Data, 3), options with { Regularization = 0 });
        Assert.Equal(Layout.IsSpherical(type) ? FitStatus.MaxIterations : FitStatus.Collapsed, collapsed.Status);
        AssertComesBack(collapsed);

        using var cancellation = new CancellationTokenSource();
        var reports = new Reports { OnReport = _ => cancellation.Cancel() };
        AssertComesBack(MixtureFit.Fit(new Points(problem.Data, 3), options with { Progress = reports }, cancellation.Token));
    }

    [Theory]
    [InlineData("""{"covarianceType":"full","weights":[1],"means":[[2,3]],"covariances":[[[1,0],[0,1]]]}""")]
    [InlineData("""{"covarianceType":"tied","weights":[0.25,0.75],"means":[[2],[3e0]],"covariances":[[1]]}""")]
    [InlineData("""{"covarianceType":"tied-diag","weights":[0.25,0.75],"means":[[2,-3],[3,4]],"covariances":[1,2e-3]}""")]
    [InlineData("""{"covarianceType":"tied-spherical","weights":[0.25,0.75],"means":[[2,-3],[3,4]],"covariances":[1]}""")]
    [InlineData("""{"covariances":[[1,2]],"means":[[2,-0.0]],"weights":[1],"covarianceType":"diag","more":{"a":[null,true]}}""")]
    [InlineData("""  {"format":"gmm-model","version":1,"covarianceType":"spherical","weights":[1.0],"means":[[2]],"covariances":[1]}  """)]
    [InlineData("\uFEFF{\"covarianceType\":\"spherical\",\"weights\":[1],\"means\":[[2]],\"covariances\":[1]}")]
    public void FourFieldsAreEnough(string json)
    {
        var model = GaussianMixture.FromJson(json);
        Assert.Equal(2, model.Means[0]);
        Assert.Null(model.ColumnNames);
        Assert.Null(FitResult.Load(new MemoryStream(Encoding.UTF8.GetBytes(json))));
    }

    [Fact]
    public void TheDocumentHasTheDocumentedShape()
    {
        var problem = Blobs.Build(seed: 4, n: 80, d: 2, k: 2);
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(3, regularization: 1e-3) with { ColumnNames = ["u", "v"] });
        using var stream = new MemoryStream();
        fit.Save(stream);
        var root = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(
            ["format", "version", "covarianceType", "weights", "means", "covariances", "columns", "fit"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("gmm-model", root.GetProperty("format").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(fit.Model.Covariances[5], root.GetProperty("covariances")[1][0][1].GetDouble());
        Assert.Equal("v", root.GetProperty("columns")[1].GetString());
        var run = root.GetProperty("fit");
        Assert.Equal("maxIterations", run.GetProperty("status").GetString());
        Assert.Equal(3, run.GetProperty("iterations").GetInt32());
        Assert.False(run.GetProperty("converged").GetBoolean());
        Assert.Equal(80, run.GetProperty("points").GetInt32());
        Assert.Equal(fit.TotalLogLikelihood, run.GetProperty("totalLogLikelihood").GetDouble());
        Assert.Equal(fit.MeanLogLikelihood, run.GetProperty("meanLogLikelihood").GetDouble());
        Assert.Equal(4, run.GetProperty("trace").GetArrayLength());
        Assert.Equal("fixed", run.GetProperty("stop").GetString());
        Assert.Equal(1e-3, run.GetProperty("regularization").GetDouble());
        Assert.Equal(2, run.GetProperty("components").GetArrayLength());
        Assert.Equal(fit.Components[1].EffectiveCount, run.GetProperty("components")[1].GetProperty("effectiveCount").GetDouble());
    }

    private static void AssertComesBack(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        var back = FitResult.Load(stream)!;
        Measures.SameBits(fit, back);
        Assert.Equal(
            (fit.Failure, fit.Points, fit.Stop, fit.Regularization, fit.Seed, fit.Iterations, fit.Bic, fit.Aic),
            (back.Failure, back.Points, back.Stop, back.Regularization, back.Seed, back.Iterations, back.Bic, back.Aic));
        Assert.Equal(fit.Components, back.Components);
        Assert.Equal(fit.Model.ColumnNames, back.Model.ColumnNames);
        stream.Position = 0;
        Measures.SameBits(fit.Model, GaussianMixture.Load(stream));
    }
}

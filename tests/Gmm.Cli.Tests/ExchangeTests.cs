using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gmm.Data;
using Gmm.Fast;
using Gmm.Onnx;
using Gmm.TestKit;

namespace Gmm.Cli.Tests;

/// <summary>gmm export and gmm import, with the lines of docs/exchange.md in Python and R where these are installed.</summary>
public sealed class ExchangeTests : IDisposable
{
    private const double Tolerance = 1e-10;
    private const int Rows = 50;
    private const int PackageMissing = 77;

    // All models of mclust with GMM_SLOW=1, and those of one column: R takes a second to start.
    private static bool IsSlow => SlowTests.AreOn;

    private static readonly string[] s_types = ["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ScikitLearnScoresAsTheEngineDoesBothWays()
    {
        var points = Fits("npz", columns: 4);
        var blocks = Blocks("python");
        _scratch.Write("test.py", $"""
            import os, sys
            try:
                import numpy as np, sklearn.mixture
            except ImportError:
                sys.exit({PackageMissing})
            points = np.load("points.npy")
            for type in [{Quoted(s_types)}]:
                os.chdir(type)
                exec('''{blocks[0]}''')
                np.save("scores.npy", model.score_samples(points))
                if not type.startswith("tied-"):
                    model = GaussianMixture(3, covariance_type=type, random_state=0).fit(points)
                    exec('''{blocks[1]}''')
                    np.save("fitted.npy", model.score_samples(points))
                os.chdir("..")
            """);
        await Run("/usr/bin/python3", "test.py", "Python with scikit-learn is not installed (apt-get install python3-sklearn)");
        foreach (var type in s_types)
        {
            Equal(Scores($"{type}/model.json", points), TableFile.Read(_scratch.Path($"{type}/scores.npy")).Values);
            if (type.StartsWith("tied-", StringComparison.Ordinal)) continue;
            Tool.Run("import", _scratch.Path($"{type}/fitted.npz"), "-o", _scratch.Path($"{type}/fitted.json")).Clean();
            Equal(Scores($"{type}/fitted.json", points), TableFile.Read(_scratch.Path($"{type}/fitted.npy")).Values);
            Assert.Equal(type, Load($"{type}/fitted.json").CovarianceName);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task MclustScoresAsTheEngineDoesBothWays(int columns)
    {
        Assert.SkipUnless(columns > 1 || IsSlow, "GMM_SLOW=1 adds models of one column");
        var points = Fits("mclust.json", columns);
        var (written, read) = (Blocks("r")[0], Blocks("r")[1]);
        string[] names = columns == 1 ? ["E", "V"] : IsSlow
            ? ["EII", "VII", "EEI", "VEI", "EVI", "VVI", "EEE", "VEE", "EVE", "VVE", "EEV", "VEV", "EVV", "VVV"] : ["EII", "VEI", "EEE", "VEV", "VVV"];
        _scratch.Write("test.R", $$"""
            if (!requireNamespace("mclust", quietly = TRUE) || !requireNamespace("jsonlite", quietly = TRUE)) quit(status = {{PackageMissing}})
            suppressMessages(library(mclust))
            faithful <- faithful[seq_len({{Rows}}), seq_len({{columns}}), drop = FALSE]
            Mclust <- function(...) mclust::Mclust(..., verbose = FALSE)
            save <- function(scores, file) writeLines(sprintf("%.17g", scores), file)
            for (type in c({{Quoted(s_types)}})) {
              setwd(type)
              {{read}}
              save(logDensity, "scores.csv")
              setwd("..")
            }
            for (name in c({{Quoted(names)}})) {
              dir.create(name)
              setwd(name)
              {{written.Replace("\"VVV\"", "name")}}
              save(dens(data = as.matrix(faithful), modelName = name, parameters = fit$parameters, logarithm = TRUE), "scores.csv")
              setwd("..")
            }
            """);
        await Run("Rscript", "test.R", "R with mclust and jsonlite is not installed (apt-get install r-cran-mclust r-cran-jsonlite)");
        foreach (var type in s_types) Equal(Scores($"{type}/model.json", points), TableFile.Read(_scratch.Path($"{type}/scores.csv")).Values);
        foreach (var name in names)
        {
            Tool.Run("import", _scratch.Path($"{name}/fitted.json"), "-o", _scratch.Path($"{name}/model.json")).Clean();
            Equal(Scores($"{name}/model.json", points), TableFile.Read(_scratch.Path($"{name}/scores.csv")).Values);
        }
    }

    [Theory]
    [InlineData("model.npz")]
    [InlineData("mclust.json")]
    public void AModelComesBackAsItWas(string file)
    {
        foreach (var type in s_types)
        {
            var (model, there, back) = (_scratch.Path($"{type}.json"), _scratch.Path(file), _scratch.Path("back.json"));
            Tool.Run("fit", Tool.Iris, "-k", "3", "--covariance", type, "--max-iter", "3", "-o", model, "--quiet");
            Tool.Run("export", model, "-o", there).Clean();
            Tool.Run("import", there, "-o", back).Clean();
            var (expected, found) = (Load($"{type}.json"), Load("back.json"));
            Assert.Equal(expected.ColumnNames, found.ColumnNames);
            Assert.Equal(expected.Weights, found.Weights);
            Assert.Equal(expected.Means, found.Means);
            for (var k = 0; k < 3; k++)
            {
                for (var i = 0; i < 16; i++) Assert.Equal(expected.Covariance(k, i / 4, i % 4), found.Covariance(k, i / 4, i % 4));
            }
            if (file == "mclust.json") Assert.Equal(expected.CovarianceType, found.CovarianceType);
        }
    }

    [Fact]
    public void ExtensionAndFormatChoose()
    {
        var model = _scratch.Model();
        foreach (var name in (string[])["a.onnx", "a.npz", "a.json", "B.NPZ"]) Tool.Run("export", model, "-o", _scratch.Path(name)).Clean();
        Tool.Run("export", model, "-o", _scratch.Path("a.dat"), "--format", "sklearn").Clean();
        Assert.Equal(File.ReadAllBytes(_scratch.Path("a.npz")), File.ReadAllBytes(_scratch.Path("a.dat")));
        Assert.Equal(File.ReadAllBytes(_scratch.Path("a.npz")), File.ReadAllBytes(_scratch.Path("B.NPZ")));
        Tool.Run("export", model, "-o", _scratch.Path("single.onnx"), "--float").Clean();
        Assert.Equal(Load("model.json").ToOnnx(), File.ReadAllBytes(_scratch.Path("a.onnx")));
        Assert.Equal(Load("model.json").ToOnnx(OnnxPrecision.Single), File.ReadAllBytes(_scratch.Path("single.onnx")));
        Assert.Equal(Load("model.json").Means, GaussianMixture.FromJson(Tool.Run("import", _scratch.Path("a.npz")).Clean().Output).Means);
    }

    [Fact]
    public void WhatCannotBeExportedIsRefusedAndLeavesNothing()
    {
        var model = _scratch.Model();
        Tool.Run("export", model, "-o", "a.xyz").Fails(2, "-o is 'a.xyz'; a path that ends in .onnx, .npz or .json, or --format, is required (see gmm export --help)");
        Tool.Run("export", model, "-o", "a.npz", "--float").Fails(2, "--float is for ONNX; sklearn takes doubles (see gmm export --help)");
        Tool.Run("export", model, "-o", "a.npz", "--format", "pmml").Fails(2, "--format is 'pmml'; onnx, sklearn or mclust is required (see gmm export --help)");
        Tool.Run("export", model, "-o", model).Fails(2, $"-o is '{model}', the same file as '{model}'; another file is required (see gmm export --help)");
        var far = _scratch.Write("far.json", """{"covarianceType":"diag","weights":[1],"means":[[1e39]],"covariances":[[1]]}""");
        Tool.Run("export", far, "-o", _scratch.Path("far.onnx"), "--float")
            .Fails(3, $"{far}: component 0: no float of full precision is its mean, 1e+39; doubles are required");
        Assert.Equal(["far.json", "model.json"], _scratch.Files);
    }

    [Fact]
    public void AModelThatTakesGapsIsExportedWithAWarning()
    {
        var model = _scratch.Write("gaps.json",
            """{"covarianceType":"diag","weights":[1],"means":[[1]],"covariances":[[1]],"missingValues":"marginalize"}""");
        var result = Tool.Run("export", model, "-o", _scratch.Path("a.npz"));
        Assert.Equal((0, $"gmm: warning: {model}: the model takes missing values; {_scratch.Path("a.npz")} will not{Environment.NewLine}"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("{\"weights\":[1]}", "the document has no 'modelName'")]
    [InlineData("{\"modelName\":", "line 1, byte 14: the file is not JSON; parameters of mclust as JSON are required")]
    [InlineData("a,b\n1,2\n", "the file is neither an .npz archive of scikit-learn nor JSON of mclust")]
    [InlineData("RDX3\n", "the file is an R workspace; write.csv(x, \"x.csv\", row.names = FALSE) in R makes a table of one object")]
    public void WhatIsNoForeignModelIsRefused(string text, string problem)
    {
        var file = _scratch.Write("model.dat", text);
        Tool.Run("import", file, "-o", _scratch.Path("out.json")).Fails(3, $"{file}: {problem}");
        Assert.Equal(["model.dat"], _scratch.Files);
    }

    // Fits a model of each type to some rows of Old Faithful or of the iris flowers, exports it, and gives the points.
    private double[] Fits(string format, int columns)
    {
        var table = TableFile.Read(columns > 2 ? Tool.Iris : Tool.Faithful, new() { Columns = [.. Enumerable.Range(1, columns).Select(column => $"{column}")] });
        var points = table.Values[..(Rows * columns)];
        TableFile.Write(_scratch.Path("points.npy"), new NumericTable(points, columns));
        foreach (var type in s_types)
        {
            Directory.CreateDirectory(_scratch.Path(type));
            Tool.Run("fit", _scratch.Path("points.npy"), "-k", "2", "--covariance", type, "-o", _scratch.Path($"{type}/model.json"), "--quiet").Clean();
            Tool.Run("export", _scratch.Path($"{type}/model.json"), "-o", _scratch.Path(format == "npz" ? $"{type}/model.npz" : $"{type}/{format}")).Clean();
        }
        return points;
    }

    private GaussianMixture Load(string name) => GaussianMixture.FromJson(File.ReadAllText(_scratch.Path(name)));

    private double[] Scores(string name, double[] points)
    {
        var model = Load(name);
        var scores = new double[points.Length / model.Dimension];
        model.LogDensities(new Points(points, model.Dimension), scores);
        return scores;
    }

    private static void Equal(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], Tolerance * Math.Max(1, Math.Abs(expected[i])));
    }

    private static string Quoted(string[] words) => string.Join(", ", words.Select(word => $"\"{word}\""));

    private static string[] Blocks(string language, [CallerFilePath] string path = "") =>
    [
        .. File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "docs", "exchange.md"))
            .Split($"```{language}\n")[1..].Select(block => block.Split("```")[0]),
    ];

    private async Task Run(string program, string script, string needed)
    {
        Assert.SkipUnless(IsThere(program), needed);
        using var process = Process.Start(new ProcessStartInfo(program, [script]) { WorkingDirectory = _scratch.Folder, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(process.ExitCode == PackageMissing, needed);
        Assert.True(process.ExitCode == 0, error);
    }

    private static bool IsThere(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}

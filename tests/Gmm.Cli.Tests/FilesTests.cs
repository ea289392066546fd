using System.Globalization;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>Files that are read in every pass: the same bits as in memory, several files, other formats, and what goes wrong.</summary>
public class FilesTests
{
    private const int Rows = 3000;

    private static readonly string[] s_fit = ["-k", "3", "--max-iter", "5", "--stop", "fixed", "--quiet"];

    [Theory]
    [InlineData("full")]
    [InlineData("diag")]
    public void TheResultIsThatOfATableInMemory(string covariance)
    {
        using var scratch = new Scratch();
        var (whole, parts) = Points(scratch, isSingle: false);
        var expected = Model(scratch, [whole, "--covariance", covariance]);
        Assert.Equal(expected, Model(scratch, [whole, "--covariance", covariance, "--memory", "30MB"]));
        Assert.Equal(expected, Model(scratch, [whole, "--covariance", covariance, "--memory", "2GB", "--threads", "1"]));
        Assert.Equal(expected, Model(scratch, [.. parts, "--covariance", covariance, "--memory", "1GiB", "--threads", "3"]));
        Assert.Equal(expected, Model(scratch, [scratch.Path("part-[0-9].npy"), "--covariance", covariance]));
        Assert.Equal(expected, Model(scratch, [parts[1], parts[0], parts[2], "--covariance", covariance]));
    }

    [Fact]
    public void EveryFormatGivesTheSameFit()
    {
        using var scratch = new Scratch();
        var (whole, _) = Points(scratch, isSingle: false);
        Tool.Run("convert", whole, "-o", scratch.Path("t.csv")).Clean();
        var expected = Model(scratch, [scratch.Path("t.csv")], names: false);
        foreach (var extension in (string[])["tsv", "parquet", "arrow", "feather", "npy"])
        {
            var path = scratch.Path("u." + extension);
            Tool.Run("convert", scratch.Path("t.csv"), "-o", path).Clean();
            Assert.Equal(expected, Model(scratch, [path], names: false));
            Assert.Equal(expected, Model(scratch, [path, "--memory", "20MB", "--cache", scratch.Folder], names: false));
        }
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(scratch.Path("u.npy")));
        Assert.DoesNotContain(scratch.Files, name => name.StartsWith("gmm-", StringComparison.Ordinal));
    }

    [Fact]
    public void FloatsAreFittedInSinglePrecision()
    {
        using var scratch = new Scratch();
        var (whole, parts) = Points(scratch, isSingle: true);
        using var files = PointFiles.Open([whole]);
        var fit = MixtureFit.Fit(files.Singles(), new FitOptions
        {
            Components = 3,
            MaxIterations = 5,
            Stop = StopRule.FixedCount,
            DensityQuantiles = true,
        }, TestContext.Current.CancellationToken);
        Assert.Equal(fit.Model.ToJson(), FitResult.Load(new MemoryStream(Model(scratch, [.. parts])))!.Model.ToJson());
        Assert.Equal(1e-6, fit.Regularization.Value);
    }

    [Fact]
    public void PredictScoreAndResponsibilitiesReadFiles()
    {
        using var scratch = new Scratch();
        var (whole, parts) = Points(scratch, isSingle: false);
        var model = scratch.Path("m.json");
        Tool.Run(["fit", whole, .. s_fit, "-o", model, "--responsibilities", scratch.Path("r.npy")]).Clean();
        Tool.Run(["fit", .. parts, .. s_fit, "--responsibilities", scratch.Path("s.npy")]).Clean();
        Assert.Equal(File.ReadAllBytes(scratch.Path("r.npy")), File.ReadAllBytes(scratch.Path("s.npy")));
        Assert.Equal(Tool.Run("score", model, whole).Clean().Output, Tool.Run(["score", model, .. parts]).Clean().Output);
        string[] extras = ["--anomaly", "1%", "--confidence"];
        Assert.Equal(Tool.Run(["predict", model, whole, .. extras]).Clean().Output, Tool.Run(["predict", model, .. parts, .. extras]).Clean().Output);
    }

    [Fact]
    public void WeightsGapsAndColumnsAreThoseOfATable()
    {
        using var scratch = new Scratch();
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, 4 * 800).Select(i => i % 4 == 3 ? 1 + random.Next(3) : i % 37 == 0 ? double.NaN : random.NextDouble() + i % 8)];
        TableFile.Write(scratch.Path("g.npy"), new NumericTable(values, 4));
        string[] options = ["--columns", "3,1", "--weights", "4"];
        foreach (var missing in (string[])["drop", "marginalize"])
        {
            var table = Tool.Run(["fit", scratch.Path("g.npy"), .. s_fit, .. options, "--missing", missing, "-o", scratch.Path("a.json")]);
            Assert.Equal(0, table.ExitCode);
            var files = Tool.Run(["fit", scratch.Path("g.npy"), .. s_fit, .. options, "--missing", missing, "-o", scratch.Path("b.json"), "--memory", "60MB"]);
            Assert.True(files.ExitCode == 0, files.Error);
            Assert.Equal(File.ReadAllText(scratch.Path("a.json")), File.ReadAllText(scratch.Path("b.json")));
        }
        Tool.Run(["fit", scratch.Path("g.npy"), .. s_fit, .. options, "--memory", "60MB"]).Fails(3,
            $"{scratch.Path("g.npy")}: row 1, column 1: NaN stands for a missing value; --missing drop leaves such rows out, --missing marginalize uses the values that they have");
    }

    [Fact]
    public void RowsOfWeightZeroHaveNoResponsibilities()
    {
        using var scratch = new Scratch();
        var random = new Random(6);
        double[] values = [.. Enumerable.Range(0, 3 * 900).Select(i => i % 3 == 2 ? i / 3 % 4 : i / 3 % 4 == 0 && i % 2 == 0 ? double.NaN : random.NextDouble() + i / 3 % 2)];
        TableFile.Write(scratch.Path("w.npy"), new NumericTable(values, 3));
        string[] options = ["--weights", "3", "-k", "2", "--max-iter", "3", "--stop", "fixed", "--quiet", "--responsibilities"];
        Tool.Run(["fit", scratch.Path("w.npy"), .. options, scratch.Path("a.csv")]).Clean();
        Tool.Run(["fit", scratch.Path("w.npy"), "--memory", "60MB", .. options, scratch.Path("b.csv")]).Clean();
        var (table, files) = (TableFile.Read(scratch.Path("a.csv")), TableFile.Read(scratch.Path("b.csv")));
        Assert.Equal((675, 675), (table.Rows, files.Rows));

        // Rows that count as nothing move others into another part of a sum.
        for (var i = 0; i < table.Values.Length; i++) Assert.Equal(table.Values[i], files.Values[i], 1e-9);
    }

    [Fact]
    public void OtherColumnsAreNeitherJoinedNorScored()
    {
        using var scratch = new Scratch();
        var (a, b) = (scratch.Write("a.csv", "x,y,z\n1,2,3\n4,5,7\n"), scratch.Write("b.csv", "z,y,x\n3,2,1\n7,5,4\n"));
        Tool.Run("convert", a, b, "-o", scratch.Path("c.csv")).Fails(
            3, $"{b}: has the columns 'z', 'y', 'x', and {a} has 'x', 'y', 'z'; the same in the same order are required, which --columns may choose by name");
        Assert.False(File.Exists(scratch.Path("c.csv")));
        Tool.Run("convert", a, b, "-o", scratch.Path("c.csv"), "--columns", "x,y,z").Clean();
        Assert.Equal("x,y,z\n1,2,3\n4,5,7\n1,2,3\n4,5,7\n", File.ReadAllText(scratch.Path("c.csv")));
        var model = scratch.Write("m.json", """{"covarianceType":"diag","weights":[1],"means":[[0,0,0]],"covariances":[[1,1,1]],"columns":["x","y","z"]}""");
        var others = scratch.Write("0.csv", "p,q,r\n1,2,3\n");
        Tool.Run("score", model, a, b).Clean();
        Tool.Run("score", model, others, a).Fails(
            3, $"{a}: has the columns 'x', 'y', 'z', and {others} has 'p', 'q', 'r'; the same in the same order are required, which --columns may choose by name");
    }

    [Fact]
    public void SamplesAreWrittenInPieces()
    {
        using var scratch = new Scratch();
        var model = scratch.Model();
        Tool.Run("sample", model, "-n", "100000", "--labels", "-o", scratch.Path("s.npy")).Clean();
        Tool.Run("sample", model, "-n", "100000", "--labels", "--dtype", "f4", "-o", scratch.Path("f.npy")).Clean();
        var (doubles, floats) = (TableFile.Read(scratch.Path("s.npy")), TableFile.Read(scratch.Path("f.npy")));
        Assert.Equal(Array.ConvertAll(doubles.Values, x => (double)(float)x), floats.Values);
        var (rows, labels) = (new double[200_000], new int[100_000]);
        GaussianMixture.FromJson(File.ReadAllText(model)).Sample(0, rows, labels);
        for (var i = 0; i < labels.Length; i++) Assert.Equal((rows[2 * i], rows[2 * i + 1], labels[i]), (doubles.Values[3 * i], doubles.Values[3 * i + 1], doubles.Values[3 * i + 2]));
    }

    [Fact]
    public void WhatIsWrongIsSaidInOneLine()
    {
        using var scratch = new Scratch();
        var (whole, parts) = Points(scratch, isSingle: false);
        Tool.Run(["fit", scratch.Path("none-*.npy"), .. s_fit]).Fails(3, $"{scratch.Path("none-*.npy")}: no file has such a name");
        Tool.Run(["fit", whole, whole, .. s_fit]).Fails(2, $"DATA has '{whole}' twice; each file is required once (see gmm fit --help)");
        var other = Path.Combine(scratch.Folder, ".", "whole.npy");
        Tool.Run(["fit", whole, other, .. s_fit]).Fails(2, $"DATA has '{other}' and '{whole}', which are the same file; each file is required once (see gmm fit --help)");
        Tool.Run(["fit", scratch.Path("part-[3-1].npy"), .. s_fit]).Fails(3, $"{scratch.Path("part-[3-1].npy")}: no file has such a name");
        Tool.Run(["fit", whole, "-", .. s_fit]).Fails(2, "DATA is - and other files; standard input cannot be a part of several (see gmm fit --help)");
        Tool.Run(["fit", whole, .. s_fit, "--memory", "much"]).Fails(2, "--memory is 'much'; a size such as 2GB, 512MiB or a number of bytes is required (see gmm fit --help)");
        Tool.Run(["fit", whole, .. s_fit, "--memory", "1kB"]).Fails(3,
            Assert.Single(Tool.Run(["fit", whole, .. s_fit, "--memory", "1kB"]).Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries))[5..]);
        Assert.Contains("1 kB are available", Tool.Run(["fit", whole, .. s_fit, "--memory", "1kB"]).Error);
        Tool.Run(["fit", .. parts, .. s_fit, "--plot", scratch.Path("p.png")]).Fails(3,
            $"{parts[0]} and 2 more files is read in every pass, and {scratch.Path("p.png")} would draw points in memory; gmm plot of the model and a part of the data draws it");
        Tool.Run("sample", scratch.Model(), "-n", "2", "--dtype", "f4").Fails(2,
            "--dtype is 'f4'; numbers of text have all their digits, and -o with a path that ends in .npy, .parquet, .arrow or .feather is required (see gmm sample --help)");
    }

    [Fact]
    public async Task TheBudgetIsThePeakBesideTheProgram()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells the peak of the resident memory here");
        using var scratch = new Scratch();
        var random = new Random(3);
        double[] rows = [.. Enumerable.Range(0, 8000).Select(_ => random.NextDouble())];
        TableFile.Write(scratch.Path("few.npy"), new RowStream(1000, 8, null, receiver => receiver(rows.AsSpan())) { IsSingle = true });
        TableFile.Write(scratch.Path("many.npy"), new RowStream(4_000_000, 8, null, receiver =>
        {
            foreach (ref var value in rows.AsSpan()) value = random.NextDouble();
            for (var i = 0; i < 4000; i++)
            {
                rows[i] += 3 * (i % 3);
                receiver(rows);
            }
        })
        {
            IsSingle = true,
        });

        // 128 MB of points.
        const double Budget = 40e6, Noise = 20e6;
        var own = await Peak("few.npy");
        Assert.InRange(await Peak("many.npy") - own, Budget / 4, Budget + Noise);

        async Task<double> Peak(string file)
        {
            using var process = Tool.Start(
                scratch.Folder, "fit", file, "-k", "2", "--covariance", "spherical", "--max-iter", "2", "--stop", "fixed", "--memory", "40MB", "--quiet", "--init", "points");
            double peak = 0;
            var status = $"/proc/{process.Id}/status";
            var end = Tool.Finish(process);
            while (!end.IsCompleted)
            {
                peak = Math.Max(peak, Resident(status));
                await Task.WhenAny(end, Task.Delay(5, TestContext.Current.CancellationToken));
            }
            Assert.Equal("", (await end).Error);
            return peak;
        }
    }

    // The peak so far of a process; 0 where it has ended.
    private static double Resident(string status)
    {
        try
        {
            var line = File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static byte[] Model(Scratch scratch, string[] arguments, bool names = true)
    {
        var path = scratch.Path("out.json");
        var result = Tool.Run(["fit", .. arguments, .. s_fit, "-o", path]);
        Assert.Equal("", result.Error);
        if (names) return File.ReadAllBytes(path);
        var fit = FitResult.Load(new MemoryStream(File.ReadAllBytes(path)))!;
        double[] numbers = [.. fit.Model.Means, .. fit.Trace];
        return [.. numbers.SelectMany(BitConverter.GetBytes)];
    }

    // One file of points, and three that hold the same.
    private static (string Whole, string[] Parts) Points(Scratch scratch, bool isSingle)
    {
        var random = new Random(2);
        double[] values = [.. Enumerable.Range(0, Rows * 2).Select(i => random.NextDouble() + i / 2 % 3 * (i % 2 == 0 ? 2 : -1))];
        Write("whole.npy", values);
        Write("part-1.npy", values[..2000]);
        Write("part-2.npy", values[2000..2002]);
        Write("part-3.npy", values[2002..]);
        return (scratch.Path("whole.npy"), [.. Enumerable.Range(1, 3).Select(i => scratch.Path($"part-{i}.npy"))]);

        void Write(string name, double[] rows) =>
            TableFile.Write(scratch.Path(name), new RowStream(rows.Length / 2, 2, null, receiver => receiver(rows)) { IsSingle = isSingle });
    }
}

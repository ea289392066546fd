using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.Cli.Tests;

/// <summary>The image part of the course notebook through the tool, on its 400 synthetic pictures.</summary>
public partial class ImagesGoldenTests
{
    private static readonly string s_labels = Tool.Data("pictures-labels.csv");

    [Fact]
    public void The400PicturesTakeThe103IterationsOfTheGoldenRun()
    {
        using var scratch = new Scratch();
        var result = Tool.Run(
            "images", Tool.Data("pictures"), "--exact", "--init", Tool.Data("pictures-init.json"), "--stop", "total", "--tol", "1e-4", "--reg-covar", "0",
            "--max-iter", "1000", "--labels", s_labels, "-o", scratch.Path("out")).Clean();
        Assert.Equal(["assignments.csv", "features.csv", "model.json", "report.html"], Names(scratch.Path("out")));

        var fit = ImagesTests.Fit(scratch);
        var golden = GoldenCase.Load("synthetic400");
        var run = golden.Runs.Single(run => run.Stop == "total_ll");
        Assert.Equal(103, fit.Iterations);
        GoldenCheck.Verify(
            golden, run, fit.Model.Weights.ToArray(), fit.Model.Means.ToArray(), fit.Model.Covariances.ToArray(), fit.Trace.ToArray(), fit.Iterations,
            fit.Converged, InOrderOfTheLabels(Records(scratch.Path("out/assignments.csv")), golden.K));
        CheckFeatures(Records(scratch.Path("out/features.csv")));
        CheckCategories(result, Records(scratch.Path("out/assignments.csv")));
        CheckTop(File.ReadAllText(scratch.Path("out/report.html")), Records(scratch.Path("out/assignments.csv")), fit.Model);
    }

    // The golden data are in the order of the table of labels, the pictures in that of their names.
    private static double[] InOrderOfTheLabels(List<string[]> assignments, int k)
    {
        var byFile = assignments.Skip(1).ToDictionary(cells => cells[0], cells => cells[2..(2 + k)].Select(Number).ToArray());
        return [.. Records(s_labels).Skip(1).SelectMany(cells => byFile[Path.GetFileName(cells[0])])];
    }

    private static void CheckFeatures(List<string[]> features)
    {
        Assert.Equal(["file", "red", "green", "blue"], features[0]);
        var expected = Records(s_labels).Skip(1).OrderBy(cells => cells[0], StringComparer.Ordinal).ToArray();
        Assert.Equal(expected.Select(cells => cells[0]["pictures/".Length..]), features.Skip(1).Select(cells => cells[0]));
        Assert.Equal(expected.SelectMany(cells => cells[2..].Select(Number)), features.Skip(1).SelectMany(cells => cells[1..].Select(Number)));
    }

    private static void CheckCategories(ToolResult result, List<string[]> assignments)
    {
        var categories = Records(s_labels).Skip(1).ToDictionary(cells => Path.GetFileName(cells[0]), cells => cells[1]);
        var counts = assignments.Skip(1).CountBy(cells => (categories[cells[0]], cells[1])).ToDictionary();
        foreach (var category in categories.Values.Distinct())
        {
            var line = result.Lines.Single(line => line.StartsWith(category + " ", StringComparison.Ordinal));
            Assert.Equal(
                Enumerable.Range(0, 4).Select(k => counts.GetValueOrDefault((category, $"{k}"))),
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(int.Parse));
        }
        var index = Rand([.. counts.Select(pair => (pair.Key.Item1, pair.Key.Item2, pair.Value))]);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"adjusted Rand index  {index:0.0000}"), result.Lines);
    }

    // Hubert and Arabie's formula, as it stands.
    private static double Rand((string Category, string Component, int Count)[] cells)
    {
        static double Pairs(double n) => n * (n - 1) / 2;
        var both = cells.Sum(cell => Pairs(cell.Count));
        var first = cells.GroupBy(cell => cell.Category).Sum(group => Pairs(group.Sum(cell => cell.Count)));
        var second = cells.GroupBy(cell => cell.Component).Sum(group => Pairs(group.Sum(cell => cell.Count)));
        var expected = first * second / Pairs(cells.Sum(cell => cell.Count));
        return (both - expected) / ((first + second) / 2 - expected);
    }

    private static void CheckTop(string page, List<string[]> assignments, GaussianMixture model)
    {
        Assert.Equal(["file", "component", "r0", "r1", "r2", "r3", "score"], assignments[0]);
        var colors = Records(s_labels).Skip(1).ToDictionary(cells => Path.GetFileName(cells[0]), cells => cells[2..].Select(Number).ToArray());
        var densities = new double[4];
        var best = new List<string>();
        for (var k = 0; k < 4; k++)
        {
            var own = new List<(string File, double Score)>();
            foreach (var cells in assignments.Skip(1).Where(cells => cells[1] == $"{k}"))
            {
                model.ComponentLogDensities(colors[cells[0]], densities);
                Assert.Equal(1, Number(cells[^1]) / Math.Exp(densities[k]), 1e-9);
                own.Add((cells[0], densities[k]));
            }
            best.AddRange(own.OrderByDescending(pair => pair.Score).Take(5).Select(pair => pair.File));
        }
        var shown = AlternativeTexts().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(best, shown[..20]);
        var doubtful = assignments.Skip(1).OrderBy(cells => cells[2..6].Max(Number)).Take(10).Select(cells => cells[0]);
        Assert.Equal(doubtful, shown[20..]);
        Assert.Equal(30, Thumbnails().Count(page));
    }

    private static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static List<string[]> Records(string path) => ImagesTests.Records(path);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    [GeneratedRegex("<img [^>]*alt=\"([^\"]*)\"")]
    private static partial Regex AlternativeTexts();

    [GeneratedRegex("src=\"data:image/jpeg;base64,")]
    private static partial Regex Thumbnails();
}

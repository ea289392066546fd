using System.Globalization;
using System.Text;
using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Html;

namespace Gmm.Browser.Tests;

/// <summary>Reports of small data sets, written once per test run.</summary>
internal static class SamplePages
{
    /// <summary>Column names that mean something to HTML, to scripts or to plotly.</summary>
    public static readonly string[] HostileNames =
        ["<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", "<b>bold</b> %{x} $y$", "a & b &lt; \"c\" 'd'"];

    private static readonly string s_folder = Directory.CreateTempSubdirectory("gmm-pages-").FullName;

    private static readonly Lazy<(string File, FitResult Fit)> s_notebook = new(() =>
    {
        var (names, rows) = Read("notebook.csv");
        using var stream = File.OpenRead(Data("notebook-init.json"));
        var initial = GaussianMixture.Load(stream);
        var options = new FitOptions { Components = 3, InitialModel = initial, ColumnNames = names, Stop = StopRule.TotalRise(), Regularization = 0 };
        FitResult Run(int iterations) => MixtureFit.Fit(new Points(rows, 2), options with { MaxIterations = iterations });
        var fit = Run(100);
        var subject = new Subject(fit.Model, rows, fit, "notebook.csv");
        var content = new ReportContent(subject)
        {
            Elapsed = TimeSpan.FromMilliseconds(1.7),
            Options =
            [
                new("stop", "rise of the log-likelihood below 1e-4"), new("start", "notebook-init.json"), new("largest number of iterations", "100"),
            ],
            Progress =
            [
                new("start", initial), .. new[] { 1, 2, 3, 5, 8, 12 }.Select(i => new ModelSnapshot($"after {i}", Run(i).Model)), new("converged", fit.Model),
            ],
            Responsibilities =
            [
                new("random", Random(100, 3)), new("after 1", Soft(Run(1).Model, rows)), new("after 20", Soft(Run(20).Model, rows)),
                new("converged", subject.Responsibilities()),
            ],
            Selection = [.. Enumerable.Range(1, 6).Select(k => Row(k, rows))],
        };
        return (Save("notebook", HtmlReport.Compose(content)), fit);
    });

    public static string Notebook => s_notebook.Value.File;

    public static FitResult NotebookFit => s_notebook.Value.Fit;

    public static string Iris { get; } = Of("iris.csv", 3);

    public static string OneDimension { get; } = OneColumn();

    /// <summary>Enough points for drawing by WebGL, in four columns with names that are markup.</summary>
    public static string Hostile { get; } = HostilePage();

    public static string Gallery { get; } = GalleryPage();

    /// <summary>As many points as a page draws, in ten columns.</summary>
    public static string Large { get; } = LargePage();

    /// <summary>Removes the files again.</summary>
    public static void Delete() => Directory.Delete(s_folder, recursive: true);

    private static string Of(string file, int components)
    {
        var (names, rows) = Read(file);
        var fit = MixtureFit.Fit(new Points(rows, names.Length), new FitOptions { Components = components, ColumnNames = names, Restarts = 3 });
        return Save(Path.GetFileNameWithoutExtension(file), HtmlReport.Compose(new ReportContent(new Subject(fit.Model, rows, fit, file))));
    }

    private static string OneColumn()
    {
        var (_, table) = Read("old-faithful.csv");
        var rows = table.Where((_, i) => i % 2 == 1).ToArray();
        var fit = MixtureFit.Fit(new Points(rows, 1), new FitOptions { Components = 2, ColumnNames = ["waiting"] });
        var content = new ReportContent(new Subject(fit.Model, rows, fit, "old-faithful.csv, waiting"))
        {
            Progress = [.. new[] { 0, 1, 3 }.Select(i => new ModelSnapshot($"after {i}",
                MixtureFit.Fit(new Points(rows, 1), new FitOptions { Components = 2, MaxIterations = i, Start = StartMethod.RandomPoints }).Model))],
        };
        return Save("one-dimension", HtmlReport.Compose(content));
    }

    private static string HostilePage()
    {
        var model = new GaussianMixture(CovarianceType.Diagonal, 4, [0.5, 0.3, 0.2],
            [0, 0, 0, 0, 5, 5, 5, 5, -4, 6, 0, 3], [1, 2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 3], HostileNames);
        var rows = new double[6000 * 4];
        model.Sample(1, rows);
        return Save("hostile", HtmlReport.Compose(new ReportContent(new Subject(model, rows, null, HostileNames[1]))
        {
            Options = [new(HostileNames[0], HostileNames[1])],
            Warnings = [HostileNames[1]],
            Extra =
            [
                new Section(HostileNames[0], Plots.Lines(HostileNames[0], HostileNames[1], HostileNames[2], [new(HostileNames[2], [1, 2], [3, 4])])),
            ],
        }));
    }

    private static string LargePage()
    {
        const int Dimension = 10, Components = 5;
        var model = new GaussianMixture(CovarianceType.Spherical, Dimension, [0.3, 0.3, 0.2, 0.1, 0.1],
            [.. Enumerable.Range(0, Components * Dimension).Select(i => 3 * Math.Sin(i * i))], [1, 1, 2, 2, 3]);
        var rows = new double[50_000 * Dimension];
        model.Sample(1, rows);
        return Save("large", HtmlReport.Compose(new ReportContent(new Subject(model, rows, null, "large.npy"))));
    }

    private static string GalleryPage()
    {
        GalleryImage Picture(int i)
        {
            var svg = $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'><rect width='4' height='3' fill='{Palette.Component(i).Hex}'/></svg>";
            return new(Encoding.UTF8.GetBytes(svg), "image/svg+xml", $"picture {i}", $"<i>picture</i> {i}.jpg", $"density {i / 7.0:0.000}");
        }
        var page = new Page("Pictures by color", "Ten pictures, two components");
        for (var k = 0; k < 2; k++)
        {
            var first = 5 * k;
            page.Add(new Section($"Component {k}", new Subheading("mean color", Palette.Component(k)),
                new Gallery([.. Enumerable.Range(first, 5).Select(Picture)]),
                new Table(["file", "printed", "ours"]).Add("a.jpg", "0.5", new Cell("0.6", Mark.Warning))));
        }
        return Save("gallery", page);
    }

    private static SelectionRow Row(int k, double[] rows)
    {
        var fit = MixtureFit.Fit(new Points(rows, 2), new FitOptions { Components = k, Restarts = 4 });
        return new(k, fit.Bic, fit.Aic);
    }

    private static double[] Soft(GaussianMixture model, double[] rows) => new Subject(model, rows).Responsibilities();

    private static double[] Random(int n, int k)
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, n * k).Select(_ => random.NextDouble()).ToArray();
        return [.. values.Chunk(k).SelectMany(row => row.Select(value => value / row.Sum()))];
    }

    private static (string[] Names, double[] Rows) Read(string file)
    {
        var lines = File.ReadAllLines(Data(file));
        return (lines[0].Split(','), [.. lines.Skip(1).SelectMany(line => line.Split(',')).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);

    private static string Save(string name, Page page)
    {
        var file = Path.Combine(s_folder, name + ".html");
        using var stream = File.Create(file);
        page.Write(stream);
        return file;
    }
}

using CsvHelper;
using Gmm.Data.Images;
using Gmm.Data.Images.Clustering;

namespace Gmm.Cli.Images;

/// <summary>Writes what <c>gmm images</c> gives as text: two CSV files, and tables for the terminal.</summary>
internal static class ImagesTables
{
    public static void WriteFeatures(Stream stream, PictureTable pictures)
    {
        using var writer = Start(stream, ["file", .. ImagesStart.Columns]);
        foreach (var picture in pictures.Pictures)
        {
            writer.WriteField(picture.File);
            writer.WriteField(picture.Red);
            writer.WriteField(picture.Green);
            writer.WriteField(picture.Blue);
            writer.EndRecord();
        }
    }

    public static void WriteAssignments(Stream stream, PictureClusters clusters)
    {
        var k = clusters.Fit.Model.ComponentCount;
        using var writer = Start(stream, ["file", "component", .. Enumerable.Range(0, k).Select(i => $"r{i}"), "score"]);
        for (var i = 0; i < clusters.Pictures.Count; i++)
        {
            writer.WriteField(clusters.Pictures[i].File);
            writer.WriteField(clusters.Labels[i]);
            foreach (var responsibility in clusters.ResponsibilitiesOf(i)) writer.WriteField(responsibility);
            writer.WriteField(clusters.Score(i));
            writer.EndRecord();
        }
    }

    /// <summary>Sums up the fit, the components as colors, the categories where there are any, and where the rest is.</summary>
    public static string Summary(PictureClusters clusters, string output)
    {
        List<string[]> lines = [["component", "color", "pictures", "  best picture"]];
        for (var k = 0; k < clusters.Fit.Model.ComponentCount; k++)
        {
            var best = clusters.Top(k, 1);
            lines.Add([
                Invariant($"{k}"), clusters.Color(k).Hex, Invariant($"{clusters.Count(k)}"),
                .. best.Select(i => "  " + StandardStreams.OneLine(clusters.Pictures[i].File)),
            ]);
        }
        var categories = clusters.Categories is { } counts ? "\n" + Categories(counts) : "";
        return ModelReport.Of(clusters.Fit.Model, clusters.Fit) + "\n" + Colors(lines) + categories
            + $"\n{StandardStreams.OneLine(Path.Combine(output, "report.html"))} shows the pictures\n";
    }

    public static string AdjustedRand(Contingency counts) =>
        AdjustedRandIndex.Of(counts) is { } index ? Invariant($"{index:0.0000}") : "undefined for fewer than two pictures";

    private static string Categories(Contingency counts)
    {
        var components = Enumerable.Range(0, counts.Components);
        List<string[]> lines = [["category", .. components.Select(k => Invariant($"{k}"))]];
        for (var i = 0; i < counts.Categories.Count; i++)
        {
            var category = i;
            lines.Add([StandardStreams.OneLine(counts.Categories[i]), .. components.Select(k => Invariant($"{counts[category, k]}"))]);
        }
        var without = counts.Unlabeled > 0 ? Invariant($" ({DataInput.Count(counts.Unlabeled, "picture")} without a category left out)") : "";
        return $"{TextTable.Format(lines)}adjusted Rand index  {AdjustedRand(counts)}{without}\n";
    }

    // Names are aligned left, behind numbers that are aligned right.
    private static string Colors(List<string[]> lines)
    {
        var width = lines.Max(line => line.Length < 4 ? 0 : line[3].Length);
        return TextTable.Format([.. lines.Select(line => line.Length < 4 ? line : [.. line[..3], line[3].PadRight(width)])], leftColumns: 2);
    }

    private static CsvWriter Start(Stream stream, string[] header)
    {
        var writer = CsvWriter.Create(stream, new CsvWriterOptions { Separator = ',', NewLine = "\n" }, leaveOpen: true);
        foreach (var name in header) writer.WriteField(name);
        writer.EndRecord();
        return writer;
    }
}

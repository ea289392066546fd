using Gmm.Fast;

namespace ScoringService.Tests;

/// <summary>Makes small models, with the rows that they were fitted to.</summary>
internal static class TestModels
{
    public const int Columns = 3;

    /// <summary>Gives rows of two groups, the same for a seed.</summary>
    public static double[] Rows(int seed, int count)
    {
        var random = new Random(seed);
        var rows = new double[count * Columns];
        for (var i = 0; i < rows.Length; i++) rows[i] = (i / Columns % 2 * 6) + i % Columns + random.NextDouble() + random.NextDouble();
        return rows;
    }

    /// <summary>Fits two components to the rows of a seed.</summary>
    public static FitResult Fit(int seed = 1, bool mayHaveGaps = false) => MixtureFit.Fit(new Points(Rows(seed, 200), Columns), new FitOptions
    {
        Components = 2,
        ColumnNames = ["length", "width", "depth"],
        DensityQuantiles = true,
        MissingValues = mayHaveGaps ? MissingValues.Marginalize : MissingValues.Error,
    });

    /// <summary>Gives the text of the file of a fit.</summary>
    public static byte[] File(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        return stream.ToArray();
    }
}

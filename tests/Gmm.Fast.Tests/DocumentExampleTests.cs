namespace Gmm.Fast.Tests;

/// <summary>Compiles and runs the library examples of the pages for users; each is the body of a method below.</summary>
[Collection(nameof(WholeProcess))]
public class DocumentExampleTests
{
    [Fact]
    public void PointsWithGaps()
    {
        DocumentExample.IsMethod("docs/missing.md", nameof(Missing));
        Assert.Matches("""
            ^2 values in 2 points are missing
            component [01], log-density -\d+\.\d{3}
            eruption of 2\.\d\d minutes
            $
            """.ReplaceLineEndings("\n"), DocumentExample.Output(Missing));
    }

    [Fact]
    public void UnusualPoints()
    {
        DocumentExample.IsMethod("docs/unusual.md", nameof(Unusual));
        Assert.Matches("""
            ^tail probability 0, median log-density -\d\.\d\d
            \d+\.\d and -\d+\.\d standard deviations from what the other column predicts
            $
            """.ReplaceLineEndings("\n"), DocumentExample.Output(Unusual));
    }

    [Fact]
    public void NumberOfComponents()
    {
        DocumentExample.IsMethod("docs/components.md", nameof(Components));
        Assert.Matches("""
            ^2 TiedDiagonal: its BIC is \d+\.\d\d smaller: the evidence is \w+
            (?:[123] (?:Tied)?Diagonal \d+\.\d\d\n){6}$
            """.ReplaceLineEndings("\n"), DocumentExample.Output(Components));
    }

    private static void Missing()
    {
        double[,] points =
        {
            { 3.6, 79 }, { 1.8, 54 }, { 3.333, double.NaN }, { 2.283, 62 }, { 4.533, 85 }, { double.NaN, 55 }, { 4.7, 88 }, { 3.6, 85 },
        };
        var options = new FitOptions { Components = 2, CovarianceType = CovarianceType.Diagonal, MissingValues = MissingValues.Marginalize };
        var fit = MixtureFit.Fit(points, options);
        Console.WriteLine($"{fit.Gaps!.MissingValues} values in {fit.Gaps.IncompletePoints} points are missing");

        GaussianMixture model = fit.Model;                               // takes NaN, as the fit did
        Console.WriteLine($"component {model.Label([double.NaN, 60])}, log-density {model.LogDensity([double.NaN, 60]):f3}");

        double[] filled = new double[points.Length];
        model.Impute(points, filled);                                    // means; with seed: 1, a draw
        Console.WriteLine($"eruption of {filled[5 * 2]:f2} minutes");
    }

    private static void Unusual()
    {
        double[,] points = { { 3.6, 79 }, { 1.8, 54 }, { 3.333, 74 }, { 2.283, 62 }, { 4.533, 85 }, { 2.883, 55 }, { 4.7, 88 }, { 3.6, 85 } };
        var options = new FitOptions { Components = 1, DensityQuantiles = true };
        GaussianMixture model = MixtureFit.Fit(points, options).Model;

        double[] point = [4.5, 55];                                      // long, after a short wait
        Console.WriteLine($"tail probability {model.TailProbability(point)}, median log-density {model.DensityQuantile(0.5):f2}");

        double[] scores = new double[2];
        model.ConditionalZScores(point, scores);                         // which column makes it so
        Console.WriteLine($"{scores[0]:f1} and {scores[1]:f1} standard deviations from what the other column predicts");
    }

    private static void Components()
    {
        double[,] points =
        {
            { 3.6, 79 }, { 1.8, 54 }, { 3.333, 74 }, { 2.283, 62 }, { 4.533, 85 }, { 2.883, 55 }, { 4.7, 88 }, { 3.6, 85 }, { 1.95, 51 }, { 4.35, 85 },
            { 1.833, 54 }, { 3.917, 84 }, { 4.2, 78 }, { 1.75, 47 }, { 4.7, 83 }, { 2.167, 52 },
        };
        var selection = ModelSelection.Run(points, new SelectionOptions
        {
            Components = [1, 2, 3],
            CovarianceTypes = [CovarianceType.Diagonal, CovarianceType.TiedDiagonal],
            Criterion = SelectionCriterion.Bic,
        });
        FitResult fit = selection.Fit;                                   // of selection.Best
        Console.WriteLine($"{fit.Model.ComponentCount} {fit.Model.CovarianceType}: {selection.Verdict}");
        foreach (var candidate in selection.Candidates) Console.WriteLine($"{candidate.Components} {candidate.CovarianceType} {candidate.Bic:f2}");
    }
}

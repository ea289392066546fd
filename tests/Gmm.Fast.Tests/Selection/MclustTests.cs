using System.Globalization;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Selection;

/// <summary>Compares the choice with that of mclust, among the families that both have, on four data sets.</summary>
public class MclustTests
{
    // With GMM_SLOW=1, as many components as mclust tries by default.
    private static readonly int s_most = SlowTests.AreOn ? 9 : 5;

    private static readonly Dictionary<string, CovarianceType> s_models = new()
    {
        ["VVV"] = CovarianceType.Full,
        ["EEE"] = CovarianceType.Tied,
        ["VVI"] = CovarianceType.Diagonal,
        ["VII"] = CovarianceType.Spherical,
        ["EEI"] = CovarianceType.TiedDiagonal,
        ["EII"] = CovarianceType.TiedSpherical,
    };

    public static TheoryData<string, string[], string, int> Sets => new()
    {
        { "faithful", ["data", "old-faithful.csv"], "EEE", 3 },
        { "iris", ["data", "iris.csv"], "VVV", 2 },
        { "diabetes", ["tests", "Gmm.Fast.Tests", "Selection", "diabetes.csv"], "VVV", 3 },
        { "wine", ["tests", "Gmm.Fast.Tests", "Starts", "wine.csv"], "VVI", 4 },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void TheChoiceIsThatOfMclust(string name, string[] path, string model, int components)
    {
        var table = Table(name);
        var chosen = table.MinBy(row => row.Bic);
        Assert.Equal((s_models[model], components), (chosen.Type, chosen.Components));

        var (rows, dimension) = SelectionData.Read(path);
        var options = new SelectionOptions { Components = [.. Enumerable.Range(1, s_most)] };
        var selection = ModelSelection.Run(new Points(rows, dimension), options);
        Assert.Equal((s_models[model], components), (selection.Best.CovarianceType, selection.Best.Components));
        Assert.True(selection.Lead > 2);

        // One component has one optimum.
        var ours = selection.Candidates.ToDictionary(candidate => (candidate.CovarianceType, candidate.Components));
        foreach (var row in table.Where(row => row.Components == 1)) Assert.Equal(row.Bic, ours[(row.Type, 1)].Bic, 0.001);

        // Elsewhere the optimum found is most often the same or a better one.
        var compared = table.Where(row => row.Components <= s_most).Select(row => ours[(row.Type, row.Components)].Bic - row.Bic).ToArray();
        Assert.True(compared.Count(difference => difference < 0.1) >= 0.9 * compared.Length, string.Join(' ', compared));
    }

    private static List<(CovarianceType Type, int Components, double Bic)> Table(string name) =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "tests", "Gmm.Fast.Tests", "Selection", "mclust.csv")).Select(line => line.Split(','))
            .Where(cells => cells[0] == name)
            .Select(cells => (s_models[cells[1]], int.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[3], CultureInfo.InvariantCulture)))];
}

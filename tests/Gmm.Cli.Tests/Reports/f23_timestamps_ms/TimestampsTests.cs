using System.Globalization;

namespace Gmm.Cli.Tests.Reports;

/// <summary>Milliseconds since 1970: deviations are a millionth of the means.</summary>
public class TimestampsTests
{
    private static readonly string s_events = Path.Combine(AppContext.BaseDirectory, "Reports", "f23_timestamps_ms", "events.csv");

    [Fact]
    public void MeansHaveFourDigitsOfTheDeviation()
    {
        using var scratch = new Scratch();
        var result = Tool.Run("fit", s_events, "-k", "2", "--columns", "time_ms", "-o", scratch.Path("m.json"));
        Assert.Equal(0, result.ExitCode);
        var model = Gmm.Fast.GaussianMixture.FromJson(File.ReadAllText(scratch.Path("m.json")));
        var shown = result.Lines.Where(line => line.StartsWith("  time_ms", StringComparison.Ordinal)).Select(Cells).ToArray();
        for (var k = 0; k < 2; k++)
        {
            var deviation = Math.Sqrt(model.Variance(k, 0));
            Assert.Equal(model.Mean(k)[0], shown[0][k], 0.5e-3 * deviation);
            Assert.Equal(deviation, shown[1][k], 0.5e-3 * deviation);
        }
        Assert.NotEqual(shown[0][0], shown[0][1]);
    }

    private static double[] Cells(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
}

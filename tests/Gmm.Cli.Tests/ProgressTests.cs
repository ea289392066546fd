using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>Checks what a long fit says of itself while it runs.</summary>
public class ProgressTests
{
    [Fact]
    public void LogsHaveALineEveryHalfMinute()
    {
        var (now, error) = (TimeSpan.Zero, new StringWriter());
        var streams = new StandardStreams(Stream.Null, Stream.Null, error, ErrorIsTerminal: false);
        var log = new ProgressLog(streams, restarts: 1, () => now += TimeSpan.FromSeconds(11));
        var reports = 0;
        var points = Enumerable.Range(0, 600).Select(i => i % 3 + Math.Sin(i)).ToArray();
        var options = new FitOptions { Components = 2, Stop = StopRule.FixedCount, MaxIterations = 9, Progress = new Both(log, () => reports++) };
        MixtureFit.Fit(new Points(points, 1), options, TestContext.Current.CancellationToken);
        Assert.Equal(10, reports);
        var lines = error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        foreach (var (line, (iteration, seconds)) in lines.Zip([(2, 33), (5, 66), (8, 99)]))
            Assert.Matches($@"^gmm: iteration {iteration}  log-likelihood -\d+\.\d{{4}}  change [-\d.Ee]+  [\d.e+]+ rows/s  [\d.e-]+ s/iteration  about {9 - iteration} more  {seconds}.0 s$", line);
    }

    [Fact]
    public void ShortFitsWriteNothing() => Tool.Run("fit", Tool.Faithful, "-k", "2").Clean();

    private sealed class Both(IProgress<IterationInfo> log, Action report) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            report();
            log.Report(value);
        }
    }
}

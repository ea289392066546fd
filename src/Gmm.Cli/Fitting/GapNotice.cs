using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Says before a fit, in one line, that patterns of missing values will make it slow.</summary>
/// <param name="data">What messages call the data.</param>
/// <param name="products">N x K x D x D: the work of an iteration without missing values.</param>
/// <param name="streams">Where the line goes.</param>
internal sealed class GapNotice(string data, double products, StandardStreams streams) : IProgress<GapSummary>
{
    // Slow beside a fit without missing values, and slow at all: iterations of a tenth of a second on one processor.
    private const double Slow = 2;
    private const double LongWork = 3e9;

    public void Report(GapSummary value)
    {
        if (value.PatternWork < Slow || value.PatternWork * products < LongWork) return;
        streams.Complain(Invariant($"{data}: {value.Patterns} different sets of columns have values, and make the fit about {1 + value.PatternWork:0} times as ")
            + "slow as without missing values; leaving out columns with many missing values, or --covariance diag, makes it faster");
    }
}

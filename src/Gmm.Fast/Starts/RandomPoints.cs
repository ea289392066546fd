using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Starts from K different points as means, the covariance of all points for every component, and equal weights. Weighted points are drawn with
/// probability by weight.
/// </summary>
internal sealed class RandomPoints : IStart
{
    public SampleRequest Sample(StartRequest request, Xoshiro256 random, int restart, bool isWeighted) => isWeighted
        ? new KeyedSample(new PointKeys(request.Seed, restart, estimatesSums: false), request.Components, request.Survey.Dimension)
        : new NumberedSample(StartRequest.Draw(random, request.Components, request.Survey.Ranks.TotalCount), request.Components, request.Survey.Dimension);

    public Factored? Start(StartRequest request, Sample sample, Xoshiro256 random)
    {
        var start = new Parameters(request.Family, request.Components, request.Survey.Dimension);
        sample.Rows.CopyTo(start.Means);
        start.Weights.Fill(1.0 / start.Components);
        start.FillCovariances(request.Pooled);
        return request.Factor(start);
    }
}

using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>K different points as means, the covariance of all points for every component, equal weights: the classic start of textbooks.</summary>
internal sealed class RandomPoints : IInitializer
{
    public MixtureParameters? Start(StartRequest request)
    {
        if (request.Pooled() is not { } pooled) return null;
        var start = new MixtureParameters(request.Covariance, request.Options.Components, pooled.Dimension);
        var indices = request.Draw(start.Components, request.Source.RowCount);
        for (var k = 0; k < start.Components; k++) request.Row(indices[k], start.Mean(k));
        start.Weights.AsSpan().Fill(1.0 / start.Components);
        for (var offset = 0; offset < start.Covariances.Length; offset += pooled.Covariances.Length)
            pooled.Covariances.CopyTo(start.Covariances, offset);
        return request.Factor(start, pooled);
    }
}

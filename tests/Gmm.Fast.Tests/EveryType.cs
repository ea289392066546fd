using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>A row for every covariance type, by its name.</summary>
public sealed class EveryType : TheoryData<string>
{
    public EveryType() => AddRange(Layout.CovarianceTypes.ToArray());
}

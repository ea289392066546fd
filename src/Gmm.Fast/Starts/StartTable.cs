using Gmm.Fast.Internals;

namespace Gmm.Fast.Starts;

/// <summary>Finds a start by its method.</summary>
internal static class StartTable
{
    /// <summary>Gives the start of a method, or throws.</summary>
    public static IStart Of(StartMethod start)
    {
        switch (start)
        {
            case StartMethod.SmallEm: return new SmallEm();
            case StartMethod.KMeansPlusPlus: return new KMeansPlusPlus();
            case StartMethod.RandomPoints: return new RandomPoints();
            default:
                Throw.OutOfRange(nameof(start), start, "SmallEm, KMeansPlusPlus or RandomPoints is required");
                return null;
        }
    }
}

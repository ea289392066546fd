namespace Gmm.TestKit;

/// <summary>Tells whether tests look at everything, with GMM_SLOW=1, or at what a build has time for.</summary>
public static class SlowTests
{
    /// <summary>Whether GMM_SLOW is 1.</summary>
    public static bool AreOn { get; } = Environment.GetEnvironmentVariable("GMM_SLOW") == "1";
}

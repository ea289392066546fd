using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Gives the names of stop rules in model files and in the tool: mean, total, fixed, statistical.</summary>
public static class StopNames
{
    /// <summary>Gives the name of a rule.</summary>
    /// <param name="kind">The rule.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rule.</exception>
    public static string Of(StopKind kind) => kind switch
    {
        StopKind.MeanChange => "mean",
        StopKind.TotalRise => "total",
        StopKind.FixedCount => "fixed",
        StopKind.Statistical => "statistical",
        _ => throw Throw.OutOfRangeError(nameof(kind), kind, "there is no such stop rule"),
    };
}

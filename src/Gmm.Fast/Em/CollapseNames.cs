using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Gives the names of the ways to go on after a collapse in model files and in the tool: fail, keep, reseed, drop.</summary>
public static class CollapseNames
{
    /// <summary>Gives the name of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such policy.</exception>
    public static string Of(CollapsePolicy policy) => policy switch
    {
        CollapsePolicy.Fail => "fail",
        CollapsePolicy.Keep => "keep",
        CollapsePolicy.Reseed => "reseed",
        CollapsePolicy.Drop => "drop",
        _ => throw Throw.OutOfRangeError(nameof(policy), policy, "there is no such policy"),
    };
}

using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Gives the names of accelerations in model files and in the tool: none, quasi-newton, anderson, squarem.</summary>
public static class AccelerationNames
{
    /// <summary>Gives the name of an acceleration.</summary>
    /// <param name="acceleration">The acceleration.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such acceleration.</exception>
    public static string Of(Acceleration acceleration) => acceleration switch
    {
        Acceleration.None => "none",
        Acceleration.QuasiNewton => "quasi-newton",
        Acceleration.Anderson => "anderson",
        Acceleration.Squarem => "squarem",
        _ => throw Throw.OutOfRangeError(nameof(acceleration), acceleration, "there is no such acceleration"),
    };
}

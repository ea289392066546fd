namespace Gmm.Fast.Internals;

/// <summary>
/// Records what the engine does, once per fit and once per batch of points, never per point. Without a meter it reads a field and loads nothing of
/// what a meter needs.
/// </summary>
internal abstract class EngineRecorder
{
    private static EngineRecorder? s_published;

    /// <summary>What records from now on; null until a meter is published.</summary>
    public static EngineRecorder? Published
    {
        get => Volatile.Read(ref s_published);
        set => Volatile.Write(ref s_published, value);
    }

    /// <summary>Counts the points of a batch.</summary>
    public abstract void Scored(long points);

    /// <summary>Records a fit that has a result.</summary>
    /// <param name="duration">The time of the fit, with its starts.</param>
    /// <param name="iterations">The iterations of its best start.</param>
    /// <param name="covariance">The name of the covariance type.</param>
    /// <param name="status">The name of the status.</param>
    public abstract void Fitted(TimeSpan duration, int iterations, string covariance, string status);
}

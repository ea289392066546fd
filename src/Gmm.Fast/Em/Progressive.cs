namespace Gmm.Fast;

/// <summary>
/// Says whether a fit begins on samples of its points. EM on a sample costs less in proportion, and its optimum is near that of all points: on average
/// P/2 (1/n - 1/N) nats a point below it for n of N points and P free parameters. So each sample is fitted until less than that is left to gain, and
/// twice as many points follow, the last ones among them. The fit ends with passes over all points, to which its limits, its stop rule and its trace
/// belong alone. Where EM on a sample takes few steps, larger ones would save nothing, and all points follow at once. The points of the samples depend
/// on <see cref="FitOptions.Seed"/> alone, so the result has the same bits for any number of threads.
/// </summary>
public enum Progressive
{
    /// <summary>
    /// Leaves it to the library, which begins with all points: from the default start most fits take few passes, and of those that take many, samples
    /// led more than half to a lower optimum than all points did. A release that finds where samples never lose may take them there.
    /// </summary>
    Auto,

    /// <summary>Begins with all points.</summary>
    Off,

    /// <summary>
    /// Begins on samples wherever there are points enough for one: 20 for each free parameter, and 4,000 with 800 for each component. Points of a
    /// sample keep their weights. Refused for points with gaps, for those of a <see cref="PointSource{T}"/>, whose single points may be slow to read, over several processes,
    /// and with <see cref="FitOptions.ContinueFrom"/>.
    /// </summary>
    On,
}

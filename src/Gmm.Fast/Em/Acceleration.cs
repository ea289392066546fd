namespace Gmm.Fast;

/// <summary>Names the ways to reach an optimum of EM in fewer passes over the points. None takes a proposal that lowers the log-likelihood.</summary>
public enum Acceleration
{
    /// <summary>Takes every EM step as it is.</summary>
    None,

    /// <summary>
    /// Turns EM steps by the curvature that the last five show: quasi-Newton acceleration (Jamshidian and Jennrich, JRSS B 59, 1997). It needs the fewest
    /// passes where EM needs many.
    /// </summary>
    QuasiNewton,

    /// <summary>
    /// Combines the last five steps so that what is left of them is the least: damped Anderson acceleration with restarts, DAAREM (Henderson and Varadhan,
    /// JCGS 28, 2019).
    /// </summary>
    Anderson,

    /// <summary>Extrapolates every second step by its length and its change: SQUAREM, scheme S3 (Varadhan and Roland, SJS 35, 2008).</summary>
    Squarem,
}

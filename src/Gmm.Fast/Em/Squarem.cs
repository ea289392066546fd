using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Extrapolates two EM steps, x_1 = G(x_0) and x_2 = G(x_1), by their length and change (Varadhan and Roland, Simple and globally convergent methods
/// for accelerating the convergence of any EM algorithm, Scandinavian Journal of Statistics 35, 2008, scheme S3):
///   r = x_1 - x_0,  v = (x_2 - x_1) - r,  a = -|r| / |v|,  proposal = x_0 - 2 a r + a^2 v
/// The proposal is evaluated instead of x_2. The EM step after it, which the paper calls stabilizing, is the first of the next two.
/// </summary>
/// <param name="shape">Parameters of the shape to accelerate.</param>
internal sealed class Squarem(Parameters shape) : SecantAccelerator(shape, order: 1)
{
    protected override bool TryDirect(Span<double> direction)
    {
        if (!FollowsPlainStep) return false;

        // From x_1: r is the step, -v its fall.
        var a = -Norm(Step(0)) / Norm(Fall(0));
        direction.Clear();
        AddMultiple(-1 - 2 * a, Step(0), direction);
        AddMultiple(-a * a, Fall(0), direction);
        return true;
    }
}

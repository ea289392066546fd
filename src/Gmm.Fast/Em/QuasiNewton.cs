using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Turns f by the inverse curvature that the last steps show: p = H f, H by the two loops of L-BFGS (Nocedal and Wright, Numerical Optimization,
/// algorithm 7.4). Without steps H is the identity, so that p is the EM step: quasi-Newton acceleration of EM, QN2 of Jamshidian and Jennrich,
/// Acceleration of the EM algorithm by using quasi-Newton methods, JRSS B 59, 1997. H is positive definite, so p leads uphill.
/// </summary>
/// <param name="shape">Parameters of the shape to accelerate.</param>
internal sealed class QuasiNewton(Parameters shape) : SecantAccelerator(shape, Order)
{
    private const int Order = 5;

    // A step along which f falls by less, beside the lengths of both, says nothing of the curvature.
    private const double LeastCosine = 1e-6;

    protected override bool TryDirect(Span<double> direction)
    {
        Span<double> factors = stackalloc double[Order], curvatures = stackalloc double[Order];
        Left.CopyTo(direction);
        double? size = null;
        for (var age = 0; age < Count; age++)
        {
            var (curvature, fall) = (Dot(Step(age), Fall(age)), Norm(Fall(age)));
            curvatures[age] = curvature > LeastCosine * (Norm(Step(age)) * fall) ? curvature : 0;
            if (curvatures[age] == 0) continue;

            // The newest step tells the size of the rest of H, at least that of EM.
            size ??= Math.Max(1, curvature / (fall * fall));
            factors[age] = Dot(Step(age), direction) / curvature;
            AddMultiple(-factors[age], Fall(age), direction);
        }
        if (size is { } scale)
        {
            foreach (ref var coordinate in direction) coordinate *= scale;
        }
        for (var age = Count - 1; age >= 0; age--)
        {
            if (curvatures[age] == 0) continue;
            AddMultiple(factors[age] - Dot(Fall(age), direction) / curvatures[age], Step(age), direction);
        }
        return true;
    }
}

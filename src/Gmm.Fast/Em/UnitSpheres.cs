using Gmm.Fast.Families;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Holds unit spheres of equal weight, under which the most probable component is the one with the nearest center. Passes that follow each other change
/// the centers alone.
/// </summary>
internal sealed class UnitSpheres
{
    private readonly Factored _spheres;

    /// <summary>Makes spheres.</summary>
    /// <param name="components">K.</param>
    /// <param name="dimension">D.</param>
    public UnitSpheres(int components, int dimension)
    {
        _spheres = new Factored(FamilyTable.Of(CovarianceType.Spherical), components, dimension);
        _spheres.Parameters.Weights.Fill(1.0 / components);
        _spheres.Parameters.Covariances.Fill(1);
        _spheres.TryFactor(out _);

        // A constant that all components have decides nothing, but beside it small distances lose their digits.
        _spheres.LogConstants.AsSpan().Clear();
    }

    /// <summary>Gives the spheres about <paramref name="centers"/> [K x D], until the next call.</summary>
    public Factored About(ReadOnlySpan<double> centers)
    {
        centers.CopyTo(_spheres.Parameters.Means);
        return _spheres;
    }
}

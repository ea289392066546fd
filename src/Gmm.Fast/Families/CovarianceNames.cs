using Gmm.Fast.Families;

namespace Gmm.Fast;

/// <summary>Gives the names of covariance types in model files and in the tool: full, tied, diag, spherical, tied-diag, tied-spherical.</summary>
public static class CovarianceNames
{
    /// <summary>Gives the name of a type.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    public static string Of(CovarianceType type) => FamilyTable.Of(type).Name;
}

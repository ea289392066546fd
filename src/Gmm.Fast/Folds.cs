using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Divides points into parts of about equal size for a cross-validation, by a hash of their numbers.</summary>
/// <param name="count">The number of parts.</param>
/// <param name="seed">Another seed gives other parts.</param>
internal sealed class Folds(int count, long seed)
{
    private readonly ulong _start = Xoshiro256.Hash(unchecked((ulong)seed));

    /// <summary>The number of parts.</summary>
    public int Count => count;

    /// <summary>Gives the part of a point.</summary>
    public int Of(long point) => (int)(Xoshiro256.Hash(unchecked(_start + (ulong)point)) % (ulong)count);
}

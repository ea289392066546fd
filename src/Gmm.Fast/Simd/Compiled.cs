using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>Says how loops that do most of the arithmetic are compiled.</summary>
internal static class Compiled
{
    /// <summary>
    /// Once, with all optimization, and into no caller. Otherwise the first fits of a process run them unoptimized, ten times as slowly, until the
    /// runtime has counted their calls, and each small method that belongs into them is compiled by itself.
    /// </summary>
    public const MethodImplOptions Once = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;
}

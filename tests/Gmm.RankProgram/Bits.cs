using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gmm.Fast;

namespace Gmm.RankProgram;

/// <summary>Writes bits in short, so that files of several runs compare.</summary>
internal static class Bits
{
    public static string Of(ReadOnlySpan<double> values) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    public static string Of(FitResult fit) =>
        $"{fit.Status} {Of([.. fit.Trace, .. fit.Model.Weights, .. fit.Model.Means, .. fit.Model.Covariances])}";
}

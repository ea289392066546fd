using System.Runtime.CompilerServices;

namespace Gmm.Fast.Linalg;

/// <summary>Lays out the lower triangle of a symmetric matrix, row after row: (0,0), (1,0), (1,1), (2,0), ...</summary>
internal static class PackedLower
{
    /// <summary>Counts the numbers of a triangle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(int order) => order * (order + 1) / 2;

    /// <summary>Gives the index of entry (row, column), column at most row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(int row, int column) => row * (row + 1) / 2 + column;
}

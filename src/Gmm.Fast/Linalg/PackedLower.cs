using System.Runtime.CompilerServices;

namespace Gmm.Fast.Linalg;

/// <summary>The lower triangle of a symmetric matrix, row after row: (0,0), (1,0), (1,1), (2,0), ...</summary>
internal static class PackedLower
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(int order) => order * (order + 1) / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(int row, int column) => row * (row + 1) / 2 + column;
}

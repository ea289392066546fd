using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Gmm.Fast.Simd;

/// <summary>Names the widths that kernels are compiled for.</summary>
internal enum LaneWidth
{
    Scalar,
    Bits128,
    Bits256,
    Bits512,
}

/// <summary>Receives the lanes of <typeparamref name="T"/> as type arguments, so that the code is compiled for one width.</summary>
internal interface ILaneUser<T, out TResult>
    where T : unmanaged
{
    TResult With<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct;
}

/// <summary>Chooses the width once, from the processor.</summary>
internal static class LaneWidths
{
    /// <summary>The widest vector that the processor has. The runtime would split a wider one.</summary>
    public static LaneWidth Widest =>
        Vector512.IsHardwareAccelerated ? LaneWidth.Bits512
        : Vector256.IsHardwareAccelerated ? LaneWidth.Bits256
        : Vector128.IsHardwareAccelerated ? LaneWidth.Bits128
        : LaneWidth.Scalar;

    /// <summary>Gives the bits of a vector; 0 where there are none.</summary>
    public static int Bits(LaneWidth width) => width switch
    {
        LaneWidth.Bits512 => 512,
        LaneWidth.Bits256 => 256,
        LaneWidth.Bits128 => 128,
        LaneWidth.Scalar => 0,
        _ => throw new UnreachableException(),
    };

    /// <summary>Gives the lanes of doubles of one width to <paramref name="user"/>.</summary>
    public static TResult Select<TUser, TResult>(LaneWidth width, TUser user)
        where TUser : struct, ILaneUser<double, TResult> => width switch
        {
            LaneWidth.Bits512 => user.With<DoubleLanes512, Vector512<double>>(),
            LaneWidth.Bits256 => user.With<DoubleLanes256, Vector256<double>>(),
            LaneWidth.Bits128 => user.With<DoubleLanes128, Vector128<double>>(),
            _ => user.With<DoubleLanesScalar, double>(),
        };

    /// <summary>Gives the lanes of floats of one width to <paramref name="user"/>; constraints alone do not make an overload.</summary>
    public static TResult SelectSingle<TUser, TResult>(LaneWidth width, TUser user)
        where TUser : struct, ILaneUser<float, TResult> => width switch
        {
            LaneWidth.Bits512 => user.With<FloatLanes512, Vector512<float>>(),
            LaneWidth.Bits256 => user.With<FloatLanes256, Vector256<float>>(),
            LaneWidth.Bits128 => user.With<FloatLanes128, Vector128<float>>(),
            _ => user.With<FloatLanesScalar, float>(),
        };
}

using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Names a width, and the shape of a <see cref="VectorTile{TLanes, TVector, T}"/> for any processor.</summary>
public readonly record struct LaneShape(int Width, bool ManyRegisters)
{
    public static LaneShape[] All { get; } =
        [.. from width in Enum.GetValues<LaneWidth>() from many in (bool[])[false, true] select new LaneShape((int)width, many)];

    public override string ToString() => $"{(LaneWidth)Width} with {(ManyRegisters ? 32 : 16)} registers";
}

/// <summary>Compiles code that is generic over lanes for one element type, width and shape.</summary>
internal abstract class Element<T>
    where T : unmanaged
{
    public static Element<T> Instance { get; } = (Element<T>)(object)(typeof(T) == typeof(float) ? new SingleElement() : new DoubleElement());

    public abstract TResult Select<TUser, TResult>(LaneShape shape, TUser user)
        where TUser : struct, ILaneUser<T, TResult>;

    protected readonly struct Reshaped<TUser, TResult>(LaneShape shape, TUser user) : ILaneUser<T, TResult>
        where TUser : struct, ILaneUser<T, TResult>
    {
        public TResult With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct => shape.ManyRegisters
                ? user.With<ShapedLanes<TLanes, TVector, T, ManyRegisters>, TVector>()
                : user.With<ShapedLanes<TLanes, TVector, T, FewRegisters>, TVector>();
    }
}

internal sealed class DoubleElement : Element<double>
{
    public override TResult Select<TUser, TResult>(LaneShape shape, TUser user) =>
        LaneWidths.Select<Reshaped<TUser, TResult>, TResult>((LaneWidth)shape.Width, new Reshaped<TUser, TResult>(shape, user));
}

internal sealed class SingleElement : Element<float>
{
    public override TResult Select<TUser, TResult>(LaneShape shape, TUser user) =>
        LaneWidths.SelectSingle<Reshaped<TUser, TResult>, TResult>((LaneWidth)shape.Width, new Reshaped<TUser, TResult>(shape, user));
}

internal interface IRegisters
{
    static abstract bool AreMany { get; }
}

internal readonly struct FewRegisters : IRegisters
{
    public static bool AreMany => false;
}

internal readonly struct ManyRegisters : IRegisters
{
    public static bool AreMany => true;
}

/// <summary>Computes as other lanes do, with the number of registers that the test sets.</summary>
internal readonly unsafe struct ShapedLanes<TLanes, TVector, T, TRegisters> : ILanes<TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
    where TRegisters : struct, IRegisters
{
    public static int Count => TLanes.Count;

    public static bool HasManyRegisters => TRegisters.AreMany;

    public static TVector Zero => TLanes.Zero;

    public static TVector Load(T* source) => TLanes.Load(source);

    public static void Store(T* destination, TVector value) => TLanes.Store(destination, value);

    public static void AddTo(double* sums, TVector value) => TLanes.AddTo(sums, value);

    public static void StoreWide(double* destination, TVector value) => TLanes.StoreWide(destination, value);

    public static TVector Broadcast(T value) => TLanes.Broadcast(value);

    public static TVector Add(TVector a, TVector b) => TLanes.Add(a, b);

    public static TVector Subtract(TVector a, TVector b) => TLanes.Subtract(a, b);

    public static TVector Multiply(TVector a, TVector b) => TLanes.Multiply(a, b);

    public static TVector Divide(TVector a, TVector b) => TLanes.Divide(a, b);

    public static bool AnyLess(TVector a, TVector b) => TLanes.AnyLess(a, b);

    public static TVector Fma(TVector a, TVector b, TVector c) => TLanes.Fma(a, b, c);

    public static TVector Max(TVector a, TVector b) => TLanes.Max(a, b);

    public static TVector SelectLess(TVector a, TVector b, TVector whenTrue, TVector whenFalse) => TLanes.SelectLess(a, b, whenTrue, whenFalse);

    public static TVector ScaleByPowerOfTwo(TVector value, TVector shifted) => TLanes.ScaleByPowerOfTwo(value, shifted);

    public static TVector SplitExponent(TVector value, out TVector exponent) => TLanes.SplitExponent(value, out exponent);

    public static TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, T>
        where TAny : struct => TLanes.Exp2<TAnyLanes, TAny>(x);

    public static TVector Log(TVector x) => TLanes.Log(x);
}

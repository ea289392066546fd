using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gmm.Data;

/// <summary>Reads numbers of one dtype of NumPy.</summary>
/// <param name="size">Bytes of a number.</param>
internal abstract class NpyElement(int size)
{
    internal const string Required = "a float of 2, 4 or 8 bytes, an integer or bool is required";

    /// <summary>Bytes of a number.</summary>
    internal int Size => size;

    /// <summary>Whether every number is a float of 4 bytes too.</summary>
    internal abstract bool IsSingle { get; }

    /// <summary>Finds how a number is read.</summary>
    /// <exception cref="TableFormatException">A dtype is none of numbers that can be read.</exception>
    internal static NpyElement Of(string descr, string place) => Find(descr)
        ?? throw new TableFormatException($"{place}: dtype {ErrorText.Quoted(descr)}{Meaning(descr)} is not supported; {Required}");

    /// <summary>Finds how a number is read; null where a dtype is none.</summary>
    internal static NpyElement? Find(string descr)
    {
        if (descr.Length != 3)
        {
            return null;
        }

        var swap = descr[0] == '<' != BitConverter.IsLittleEndian;
        NpyElement? element = descr[1..] switch
        {
            "f8" => new NpyElement<double>(swap),
            "f4" => new NpyElement<float>(swap),
            "f2" => new NpyElement<Half>(swap),
            "i8" => new NpyElement<long>(swap),
            "i4" => new NpyElement<int>(swap),
            "i2" => new NpyElement<short>(swap),
            "i1" => new NpyElement<sbyte>(swap),
            "u8" => new NpyElement<ulong>(swap),
            "u4" => new NpyElement<uint>(swap),
            "u2" => new NpyElement<ushort>(swap),
            "u1" or "b1" => new NpyElement<byte>(swap),
            _ => null,
        };
        return descr[0] is '<' or '>' || (descr[0] == '|' && element?.Size == 1) ? element : null;
    }

    /// <summary>Says in words what a dtype that cannot be read is; empty where that is not known.</summary>
    internal static string Meaning(string descr) => (descr.Length > 1 ? descr[1] : '\0') switch
    {
        'O' => " (Python objects)",
        'c' => " (complex)",
        'b' => " (bool)",
        'S' or 'U' or 'a' => " (text)",
        'V' => " (raw bytes)",
        'M' or 'm' => " (time)",
        'f' when descr[2..] is "12" or "16" => " (long double)",
        _ => "",
    };

    /// <summary>Tells whether the bytes of a file are those of the type in memory.</summary>
    internal abstract bool Is<T>();

    /// <summary>Reads numbers; integers beyond the digits of the target become its nearest number.</summary>
    /// <param name="bytes">The first number begins with the first byte.</param>
    /// <param name="stride">Bytes between the beginnings of two numbers.</param>
    /// <param name="into">Receives one number at every <paramref name="step"/>, to its end.</param>
    /// <param name="step">Places between two numbers.</param>
    internal abstract void Decode<T>(ReadOnlySpan<byte> bytes, int stride, Span<T> into, int step)
        where T : unmanaged, INumberBase<T>;
}

/// <summary>Reads numbers of one dtype of NumPy.</summary>
/// <typeparam name="TItem">The type with its bytes.</typeparam>
/// <param name="swap">Whether the order of its bytes is not that of this machine.</param>
internal sealed class NpyElement<TItem>(bool swap) : NpyElement(Unsafe.SizeOf<TItem>())
    where TItem : unmanaged, INumberBase<TItem>
{
    private readonly bool _swap = swap && Unsafe.SizeOf<TItem>() > 1;

    internal override bool IsSingle => typeof(TItem) == typeof(float) || typeof(TItem) == typeof(Half);

    internal override bool Is<T>() => typeof(T) == typeof(TItem) && !_swap;

    internal override void Decode<T>(ReadOnlySpan<byte> bytes, int stride, Span<T> into, int step)
    {
        if (!_swap && stride == Size && step == 1)
        {
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, TItem>(bytes[..(into.Length * Size)]), into);
            return;
        }

        for (int i = 0, at = 0; i < into.Length; i += step, at += stride)
        {
            var item = MemoryMarshal.Read<TItem>(bytes[at..]);
            into[i] = T.CreateTruncating(_swap ? Swapped(item) : item);
        }
    }

    private static TItem Swapped(TItem item) => Unsafe.SizeOf<TItem>() switch
    {
        sizeof(ushort) => Unsafe.BitCast<ushort, TItem>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<TItem, ushort>(item))),
        sizeof(uint) => Unsafe.BitCast<uint, TItem>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<TItem, uint>(item))),
        _ => Unsafe.BitCast<ulong, TItem>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<TItem, ulong>(item))),
    };
}

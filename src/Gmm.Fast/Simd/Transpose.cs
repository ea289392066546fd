using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>
/// Turns rows into columns in squares of 4 x 4 through registers. Each number is moved, and multiplied where there are scales, by itself, so no
/// width changes a bit.
/// </summary>
internal static unsafe class Transpose
{
    private const int Side = 4;

    /// <summary>
    /// Copies source[i * sourceStride + j] to target[j * targetStride + i], i below <paramref name="rows"/>, j below <paramref name="columns"/>.
    /// </summary>
    /// <param name="source">[rows x sourceStride]; ends with the last number of the last row.</param>
    /// <param name="sourceStride">At least columns.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="target">[columns x targetStride], receives the numbers.</param>
    /// <param name="targetStride">At least rows.</param>
    public static void Copy<T>(T* source, nint sourceStride, int rows, int columns, T* target, nint targetStride)
        where T : unmanaged, IMultiplyOperators<T, T, T> =>
        Scaled(source, sourceStride, rows, columns, scales: null, target, targetStride);

    /// <summary>
    /// Copies as <see cref="Copy"/> does, with column j of the source times scales[j].
    /// </summary>
    /// <param name="source">[rows x sourceStride]; ends with the last number of the last row.</param>
    /// <param name="sourceStride">At least columns.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="scales">[columns up to the next multiple of 4]; null for no scales.</param>
    /// <param name="target">[columns x targetStride], receives the numbers.</param>
    /// <param name="targetStride">At least rows.</param>
    [MethodImpl(Compiled.Once)]
    public static void Scaled<T>(T* source, nint sourceStride, int rows, int columns, T* scales, T* target, nint targetStride)
        where T : unmanaged, IMultiplyOperators<T, T, T>
    {
        var i = 0;
        if (HasSquares<T>())
        {
            // The square of the last columns reads numbers of the next row too, so the last rows go without squares.
            var (readable, end) = (rows - Side, (rows - 1) * sourceStride + columns);
            while (readable >= 0 && (readable + Side - 1) * sourceStride + (columns + Side - 1) / Side * Side > end) readable--;
            for (; i <= readable; i += Side)
            {
                for (var j = 0; j < columns; j += Side)
                {
                    Square(
                        source + i * sourceStride + j, sourceStride, scales is null ? null : scales + j, target + j * targetStride + i, targetStride,
                        Math.Min(Side, columns - j));
                }
            }
        }
        for (; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var value = source[i * sourceStride + j];
                target[j * targetStride + i] = scales is null ? value : value * scales[j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasSquares<T>() => typeof(T) == typeof(double) ? Avx.IsSupported : typeof(T) == typeof(float) && Sse.IsSupported;

    // Turns up to four columns of a square.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square<T>(T* source, nint sourceStride, T* scales, T* target, nint targetStride, int columns)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double)) Square((double*)source, sourceStride, (double*)scales, (double*)target, targetStride, columns);
        else Square((float*)source, sourceStride, (float*)scales, (float*)target, targetStride, columns);
    }

    [MethodImpl(Compiled.Once)]
    private static void Square(double* source, nint sourceStride, double* scales, double* target, nint targetStride, int columns)
    {
        var (a, b) = (Vector256.Load(source), Vector256.Load(source + sourceStride));
        var (c, d) = (Vector256.Load(source + 2 * sourceStride), Vector256.Load(source + 3 * sourceStride));
        if (scales is not null)
        {
            var scale = Vector256.Load(scales);
            (a, b, c, d) = (a * scale, b * scale, c * scale, d * scale);
        }
        const byte LowHalves = 0x20, HighHalves = 0x31;
        var (ab0, ab1, cd0, cd1) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        Avx.Permute2x128(ab0, cd0, LowHalves).Store(target);
        if (columns > 1) Avx.Permute2x128(ab1, cd1, LowHalves).Store(target + targetStride);
        if (columns > 2) Avx.Permute2x128(ab0, cd0, HighHalves).Store(target + 2 * targetStride);
        if (columns > 3) Avx.Permute2x128(ab1, cd1, HighHalves).Store(target + 3 * targetStride);
    }

    [MethodImpl(Compiled.Once)]
    private static void Square(float* source, nint sourceStride, float* scales, float* target, nint targetStride, int columns)
    {
        var (a, b) = (Vector128.Load(source), Vector128.Load(source + sourceStride));
        var (c, d) = (Vector128.Load(source + 2 * sourceStride), Vector128.Load(source + 3 * sourceStride));
        if (scales is not null)
        {
            var scale = Vector128.Load(scales);
            (a, b, c, d) = (a * scale, b * scale, c * scale, d * scale);
        }
        var (ab0, ab2, cd0, cd2) = (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b), Sse.UnpackLow(c, d), Sse.UnpackHigh(c, d));
        Sse.MoveLowToHigh(ab0, cd0).Store(target);
        if (columns > 1) Sse.MoveHighToLow(cd0, ab0).Store(target + targetStride);
        if (columns > 2) Sse.MoveLowToHigh(ab2, cd2).Store(target + 2 * targetStride);
        if (columns > 3) Sse.MoveHighToLow(cd2, ab2).Store(target + 3 * targetStride);
    }
}

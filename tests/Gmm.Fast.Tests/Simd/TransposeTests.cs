using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Checks that every number is moved to its place, and nothing else is read or written, for every remainder of rows and columns.</summary>
public unsafe class TransposeTests
{
    [Fact]
    public void DoublesLandWhereTheyBelong() => Check<double>();

    [Fact]
    public void FloatsLandWhereTheyBelong() => Check<float>();

    private static void Check<T>()
        where T : unmanaged, INumber<T>
    {
        for (var rows = 1; rows <= 13; rows++)
        {
            for (var columns = 1; columns <= 13; columns++)
            {
                foreach (var gap in (int[])[0, 1, 5])
                {
                    var source = Enumerable.Range(1, (rows - 1) * (columns + gap) + columns).Select(T.CreateChecked).ToArray();
                    var scales = Enumerable.Range(1, columns + 3).Select(i => T.CreateChecked(i * i)).ToArray();
                    Compare(source, columns + gap, rows, columns, null);
                    Compare(source, columns + gap, rows, columns, scales);
                }
            }
        }
    }

    private static void Compare<T>(T[] source, int stride, int rows, int columns, T[]? scales)
        where T : unmanaged, INumber<T>
    {
        var targetStride = rows + 2;
        var target = new T[columns * targetStride];
        fixed (T* from = source, to = target, by = scales)
        {
            if (scales is null) Transpose.Copy(from, stride, rows, columns, to, targetStride);
            else Transpose.Scaled(from, stride, rows, columns, by, to, targetStride);
        }
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < targetStride; i++)
            {
                var expected = i < rows ? source[i * stride + j] * (scales is null ? T.One : scales[j]) : T.Zero;
                Assert.Equal(expected, target[j * targetStride + i]);
            }
        }
    }
}

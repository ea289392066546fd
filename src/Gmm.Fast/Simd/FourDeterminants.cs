using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gmm.Fast.Simd;

/// <summary>
/// Computes the determinants of four positive definite matrices side by side: A + B_l + v_l v_l^T, l = 0 to 3. Small matrices are chains of divisions and
/// roots, and four chains take as long as one. All machines use one width, so the bits are the same everywhere.
/// </summary>
internal static unsafe class FourDeterminants
{
    /// <summary>Matrices side by side.</summary>
    public const int Count = 4;

    private const int MantissaLength = 52;
    private const long MantissaBits = (1L << MantissaLength) - 1;

    // Of a factor; beyond, a determinant is NaN.
    private const double Least = 1e-290;
    private const double Most = 1e290;
    private const int ExponentBias = 1023;

    /// <summary>Writes the determinants of four full matrices as a mantissa and a power of two; NaN where one is not positive definite.</summary>
    /// <param name="own">A: lower triangle, row after row.</param>
    /// <param name="others">Four such triangles B.</param>
    /// <param name="vectors">v: [D x 4].</param>
    /// <param name="dimension">D.</param>
    /// <param name="room">[D(D+1)/2 x 4], overwritten with the Cholesky factors (Golub and Van Loan, Matrix Computations, 4th ed., algorithm 4.2.1).</param>
    /// <param name="mantissas">[4].</param>
    /// <param name="exponents">[4].</param>
    [MethodImpl(Compiled.Once)]
    public static void OfTriangles(double* own, double** others, double* vectors, int dimension, double* room, double* mantissas, long* exponents)
    {
        double* first = others[0], second = others[1], third = others[2], fourth = others[3];
        for (int i = 0, at = 0; i < dimension; i++)
        {
            var vector = Vector256.Load(vectors + (nint)i * Count);
            for (var j = 0; j <= i; j++, at++)
            {
                var sum = Vector256.Create(own[at]) + Vector256.Create(first[at], second[at], third[at], fourth[at]);
                Vector256.FusedMultiplyAdd(vector, Vector256.Load(vectors + (nint)j * Count), sum).Store(room + (nint)at * Count);
            }
        }
        var product = Product.One;
        nint pivotRow = 0;
        for (var j = 0; j < dimension; pivotRow += ++j)
        {
            var row = room + pivotRow * Count;
            var pivot = Vector256.Load(row + (nint)j * Count);
            for (var p = 0; p < j; p++)
            {
                var entry = Vector256.Load(row + (nint)p * Count);
                pivot = Vector256.FusedMultiplyAdd(-entry, entry, pivot);
            }
            product.Multiply(pivot);
            var head = Vector256<double>.One / Vector256.Sqrt(pivot);
            var below = row + (nint)(j + 1) * Count;
            var i = j + 1;

            // Four rows at a time: each entry of row j is loaded once for them, and four chains of sums run side by side.
            for (; i + Count <= dimension; i += Count)
            {
                double* a = below, b = a + (nint)(i + 1) * Count, c = b + (nint)(i + 2) * Count, d = c + (nint)(i + 3) * Count;
                Vector256<double> sumA = default, sumB = default, sumC = default, sumD = default;
                for (nint p = 0; p < (nint)j * Count; p += Count)
                {
                    var entry = Vector256.Load(row + p);
                    sumA = Vector256.FusedMultiplyAdd(Vector256.Load(a + p), entry, sumA);
                    sumB = Vector256.FusedMultiplyAdd(Vector256.Load(b + p), entry, sumB);
                    sumC = Vector256.FusedMultiplyAdd(Vector256.Load(c + p), entry, sumC);
                    sumD = Vector256.FusedMultiplyAdd(Vector256.Load(d + p), entry, sumD);
                }
                var to = (nint)j * Count;
                ((Vector256.Load(a + to) - sumA) * head).Store(a + to);
                ((Vector256.Load(b + to) - sumB) * head).Store(b + to);
                ((Vector256.Load(c + to) - sumC) * head).Store(c + to);
                ((Vector256.Load(d + to) - sumD) * head).Store(d + to);
                below = d + (nint)(i + 4) * Count;
            }
            for (; i < dimension; below += (nint)(i + 1) * Count, i++)
            {
                var sum = Vector256<double>.Zero;
                for (nint p = 0; p < (nint)j * Count; p += Count) sum = Vector256.FusedMultiplyAdd(Vector256.Load(below + p), Vector256.Load(row + p), sum);
                var to = (nint)j * Count;
                ((Vector256.Load(below + to) - sum) * head).Store(below + to);
            }
        }
        product.Store(mantissas, exponents);
    }

    /// <summary>Writes the determinants of four diagonal matrices.</summary>
    /// <param name="own">A: the diagonal.</param>
    /// <param name="others">Four such diagonals B.</param>
    /// <param name="vectors">v: [D x 4], of whose products only the diagonal counts.</param>
    /// <param name="dimension">D.</param>
    /// <param name="mantissas">[4].</param>
    /// <param name="exponents">[4].</param>
    [MethodImpl(Compiled.Once)]
    public static void OfDiagonals(double* own, double** others, double* vectors, int dimension, double* mantissas, long* exponents)
    {
        var product = Product.One;
        for (var j = 0; j < dimension; j++)
        {
            var vector = Vector256.Load(vectors + (nint)j * Count);
            var sum = Vector256.Create(own[j]) + Vector256.Create(others[0][j], others[1][j], others[2][j], others[3][j]);
            product.Multiply(Vector256.FusedMultiplyAdd(vector, vector, sum));
        }
        product.Store(mantissas, exponents);
    }

    /// <summary>Writes four traces instead of determinants.</summary>
    /// <param name="own">A: one number.</param>
    /// <param name="others">Four such numbers B.</param>
    /// <param name="vectors">v: [D x 4].</param>
    /// <param name="dimension">D.</param>
    /// <param name="mantissas">[4].</param>
    /// <param name="exponents">[4].</param>
    [MethodImpl(Compiled.Once)]
    public static void OfTraces(double* own, double** others, double* vectors, int dimension, double* mantissas, long* exponents)
    {
        var sum = Vector256.Create(*own) + Vector256.Create(*others[0], *others[1], *others[2], *others[3]);
        for (var j = 0; j < dimension; j++)
        {
            var vector = Vector256.Load(vectors + (nint)j * Count);
            sum = Vector256.FusedMultiplyAdd(vector, vector, sum);
        }
        var product = Product.One;
        product.Multiply(sum);
        product.Store(mantissas, exponents);
    }

    // Products of positive numbers as mantissa times a power of two, so that they stay in range.
    private struct Product
    {
        private Vector256<double> _mantissa;
        private Vector256<long> _exponent;

        public static Product One => new() { _mantissa = Vector256<double>.One };

        public void Multiply(Vector256<double> factor)
        {
            var isValid = Vector256.GreaterThanOrEqual(factor, Vector256.Create(Least)) & Vector256.LessThanOrEqual(factor, Vector256.Create(Most));
            var product = _mantissa * Vector256.ConditionalSelect(isValid, factor, Vector256.Create(double.NaN));
            var bits = product.AsInt64();
            _exponent += Vector256.ShiftRightLogical(bits, MantissaLength) - Vector256.Create((long)ExponentBias);
            var mantissa = ((bits & Vector256.Create(MantissaBits)) | Vector256<double>.One.AsInt64()).AsDouble();
            _mantissa = Vector256.ConditionalSelect(Vector256.Equals(product, product), mantissa, product);
        }

        public readonly void Store(double* mantissas, long* exponents)
        {
            _mantissa.Store(mantissas);
            _exponent.Store(exponents);
        }
    }
}

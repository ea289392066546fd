namespace Gmm.Fast.Blocks;

/// <summary>
/// Holds points as kernels read them, one column after the other: dimension j of point i is X[j * Stride + i]. Points from Count to Padded repeat
/// the last point, so that kernels run over whole vectors of finite numbers. Their results are not used.
/// </summary>
/// <param name="x">[D x Stride].</param>
/// <param name="stride">Numbers between two columns.</param>
/// <param name="columns">D.</param>
/// <param name="count">Points.</param>
/// <param name="padded">Points up to a whole tile.</param>
/// <param name="weights">[Padded], above 0, and 0 behind the last point; null for weights of 1.</param>
/// <param name="number">The block's number in its store.</param>
internal readonly unsafe struct PointBlock<T>(T* x, int stride, int columns, int count, int padded, T* weights = null, long number = 0)
    where T : unmanaged
{
    public readonly T* X = x;
    public readonly T* Weights = weights;
    public readonly long Number = number;
    public readonly int Stride = stride;
    public readonly int Columns = columns;
    public readonly int Count = count;
    public readonly int Padded = padded;
}

/// <summary>Holds the memory into which one worker reads one block.</summary>
/// <param name="x">[D x Stride of the store], receives the columns.</param>
/// <param name="rows">[points x D], for sources without row-major memory.</param>
/// <param name="weights">[Stride of the store], receives the weights.</param>
/// <param name="weightScratch">[points], for weights as the source gives them.</param>
internal readonly unsafe struct BlockRoom<T>(T* x, T* rows, T* weights, double* weightScratch)
    where T : unmanaged
{
    public readonly T* X = x;
    public readonly T* Rows = rows;
    public readonly T* Weights = weights;
    public readonly double* WeightScratch = weightScratch;
}

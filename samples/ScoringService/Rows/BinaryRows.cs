using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using ScoringService.Problems;

namespace ScoringService.Rows;

/// <summary>Reads rows of little-endian numbers of 8 or 4 bytes, one after the other, without a header.</summary>
internal static class BinaryRows
{
    /// <summary>Reads a body to its end. The caller disposes of the rows.</summary>
    /// <param name="body">The body.</param>
    /// <param name="length">Its length in bytes, if it is known.</param>
    /// <param name="isSingle">Whether numbers have 4 bytes.</param>
    /// <param name="shape">What rows have to look like.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ProblemException">The length does not fit, or a number cannot be used; the problem names the place.</exception>
    /// <exception cref="OperationCanceledException">The reading was ended, also by <see cref="PipeReader.CancelPendingRead"/>.</exception>
    public static async ValueTask<RowBatch> ReadAsync(PipeReader body, long? length, bool isSingle, RowShape shape, CancellationToken cancellation)
    {
        var bytesPerRow = shape.Dimension * (isSingle ? sizeof(float) : sizeof(double));
        if (length is { } known) CheckLength(known, bytesPerRow, shape);
        var rows = new RowBatch(shape.Dimension, (int)((length ?? 0) / bytesPerRow) * shape.Dimension);
        try
        {
            while (true)
            {
                // Whole rows are taken, the rest stays in the pipe. The checks come last, because a read has to end in any case.
                var read = await body.ReadAsync(cancellation);
                var count = Math.Min(read.Buffer.Length / bytesPerRow, shape.MaxRows + 1 - rows.Count);
                var taken = read.Buffer.Slice(0, count * bytesPerRow);
                Take(taken, isSingle, rows.Add((int)count));
                var left = read.Buffer.Length - taken.Length;
                body.AdvanceTo(taken.End, read.Buffer.End);
                if (read.IsCanceled) throw new OperationCanceledException();
                if (rows.Count > shape.MaxRows) throw shape.TooManyRows();
                if (!read.IsCompleted) continue;
                CheckLength(rows.Count * (long)bytesPerRow + left, bytesPerRow, shape);
                break;
            }
            CheckNumbers(rows, shape);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    private static void CheckLength(long length, int bytesPerRow, RowShape shape)
    {
        if (length / bytesPerRow > shape.MaxRows) throw shape.TooManyRows();
        if (length % bytesPerRow != 0)
        {
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, "bad-length", string.Create(
                CultureInfo.InvariantCulture,
                $"the body has {length} bytes; a multiple of {bytesPerRow}, {shape.Dimension} columns of {bytesPerRow / shape.Dimension} bytes, is required")));
        }
    }

    private static void Take(ReadOnlySequence<byte> bytes, bool isSingle, Span<double> into)
    {
        var reader = new SequenceReader<byte>(bytes);
        foreach (ref var number in into)
        {
            // Both always succeed: the sequence has the bytes of all numbers.
            if (isSingle)
            {
                reader.TryReadLittleEndian(out int bits);
                number = BitConverter.Int32BitsToSingle(bits);
            }
            else
            {
                reader.TryReadLittleEndian(out long bits);
                number = BitConverter.Int64BitsToDouble(bits);
            }
        }
    }

    private static void CheckNumbers(RowBatch rows, RowShape shape)
    {
        var numbers = rows.Numbers;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (double.IsFinite(numbers[i]) || (shape.MayHaveGaps && double.IsNaN(numbers[i]))) continue;
            var (row, column) = Math.DivRem(i, shape.Dimension);
            var found = numbers[i].ToString(CultureInfo.InvariantCulture);
            throw shape.BadValue(row, column, shape.Names?[column], found);
        }
    }
}

using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>
/// Keeps the pictures that are decoded at the same time within a quarter of the memory that the process may use, or one picture if that is more.
/// </summary>
internal sealed class DecodeBudget(long total)
{
    private readonly object _gate = new();
    private long _taken;

    internal DecodeBudget()
        : this(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4)
    {
    }

    /// <summary>
    /// Gives the bytes needed: the result, and what a decoder may hold for the whole picture. A progressive JPEG keeps three coefficients of 2 bytes
    /// per pixel.
    /// </summary>
    internal static long Estimate(SKSizeI full, SKSizeI decoded) =>
        (4L * decoded.Width * decoded.Height) + (6L * full.Width * full.Height);

    /// <summary>Gives the bytes needed for the rows of a <see cref="DeepPng"/>: two as stored, one of samples, one of pixels.</summary>
    internal static long EstimateRows(SKSizeI size) => 4L * 8 * size.Width;

    /// <summary>Waits until there is room, or nothing else is being decoded.</summary>
    internal void Take(long bytes, CancellationToken token)
    {
        using var wake = token.Register(() =>
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        });
        lock (_gate)
        {
            while (_taken > 0 && _taken + bytes > total)
            {
                token.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            _taken += bytes;
        }
    }

    internal void Return(long bytes)
    {
        lock (_gate)
        {
            _taken -= bytes;
            Monitor.PulseAll(_gate);
        }
    }
}

namespace Gmm.Data.Images;

/// <summary>Computes the mean colors of all pictures below a folder.</summary>
/// <remarks>
/// JPEG, PNG, WebP, BMP and GIF; what a file is is decided by its content, whatever its name. Of an animation the first frame counts, a transparent
/// pixel counts as it looks on white, and the numbers are those in the file, without conversion by a color profile. Gray, palette and CMYK pictures
/// become red, green and blue; a PNG of 16 bits keeps them, as fractions of levels from 0 to 255.
/// <para>
/// Unless <see cref="PictureOptions.Exact"/>, a large JPEG is decoded at 1/8 scale. A mean then differs by what a full decoder cuts off below 0 and
/// above 255. Measured on 31 wallpapers, most of them photographs: 0.05 to 0.56 of 256 levels, half of them below 0.12; on noise and gradients below
/// 0.75. Pictures of thin lines and dots in full color on black or white, compressed as JPEG, are the worst: up to 13 of 256; use
/// <see cref="PictureOptions.Exact"/> there.
/// </para>
/// </remarks>
public static class PictureFolder
{
    /// <summary>Reads all pictures below a folder, several at a time.</summary>
    /// <param name="folder">
    /// Searched with its sub-folders. Files and sub-folders that are hidden (on Unix: whose names start with a dot) are passed over in silence. Links
    /// are followed, but each folder is read once.
    /// </param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="token">Stops before the next picture.</param>
    /// <returns>The pictures, and everything else that is there with the reason why it is not among them. Never partial.</returns>
    /// <exception cref="TableFormatException">The folder itself cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by <paramref name="token"/>.</exception>
    public static PictureTable Read(string folder, PictureOptions? options = null, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new PictureOptions();
        PictureLimits.Check(options.MaxPixels);
        var degree = Degree(options.MaxDegreeOfParallelism);
        var place = ErrorText.OneLine(folder);
        if (File.Exists(folder))
        {
            throw new TableFormatException($"{place}: is a file; a folder is required");
        }

        var found = FileFailure.Guard(place, "cannot be read", () => FileFinder.Find(folder, token));
        found.Files.Sort(StringComparer.Ordinal);
        var run = new Run(folder, found.Files, options, token);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = degree, CancellationToken = token };
        Parallel.For(0, Math.Min(degree, found.Files.Count), parallel, run.Work);
        return new PictureTable(
            [.. run.Pictures.OfType<Picture>()],
            [.. found.Skipped.Concat(run.Skipped.OfType<SkippedPicture>()).OrderBy(skipped => skipped.File, StringComparer.Ordinal)]);
    }

    private static int Degree(int wanted)
    {
        if (wanted == -1)
        {
            return Environment.ProcessorCount;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1, nameof(PictureOptions.MaxDegreeOfParallelism));
        return wanted;
    }

    /// <summary>Gives one picture after the other to whoever is free: their sizes differ too much for ranges.</summary>
    private sealed class Run(string folder, List<string> files, PictureOptions options, CancellationToken token)
    {
        private readonly DecodeBudget _budget = new();
        private readonly object _gate = new();
        private int _next;
        private int _done;
        private int _skipped;

        internal Picture?[] Pictures { get; } = new Picture?[files.Count];

        internal SkippedPicture?[] Skipped { get; } = new SkippedPicture?[files.Count];

        internal void Work(int worker)
        {
            for (int i; (i = Interlocked.Increment(ref _next) - 1) < files.Count;)
            {
                token.ThrowIfCancellationRequested();
                Pictures[i] = MeanColor.Read(Path.Combine(folder, files[i]), files[i], options, _budget, token, out var reason);
                Skipped[i] = Pictures[i] is null ? new SkippedPicture(files[i], reason) : null;
                lock (_gate)
                {
                    _done++;
                    _skipped += Pictures[i] is null ? 1 : 0;
                    options.Progress?.Report(new PictureProgress(_done, files.Count, _skipped));
                }
            }
        }
    }
}

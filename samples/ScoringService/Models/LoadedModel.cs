using System.Security.Cryptography;
using Gmm.Fast;

namespace ScoringService.Models;

/// <summary>Holds a model that is served, and what its file tells of the rows of its fit. Immutable, but for the sums of recent scores.</summary>
internal sealed class LoadedModel
{
    private const int VersionBytes = 8;

    // More than the engine scores one by one, which takes another way.
    private const int Batch = 16;

    private LoadedModel(string version, int bytes, GaussianMixture mixture, FitResult? fit, DateTimeOffset loadedAt, RecentScores recent)
    {
        (Version, Bytes, Mixture, LoadedAt, Recent) = (version, bytes, mixture, loadedAt, recent);
        (TrainingMean, TrainingRows) = (fit?.MeanLogLikelihood, fit?.Points);
        if (mixture.HasDensityQuantiles) LowestTraining = mixture.DensityQuantile(0);
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the file: the same bytes are the same version on every machine.</summary>
    public string Version { get; }

    /// <summary>The length of the file.</summary>
    public int Bytes { get; }

    public GaussianMixture Mixture { get; }

    public DateTimeOffset LoadedAt { get; }

    /// <summary>The mean log-density of the rows of the fit, in nats; null where the file has no fit.</summary>
    public double? TrainingMean { get; }

    /// <summary>The number of rows of the fit; null where the file has no fit.</summary>
    public long? TrainingRows { get; }

    /// <summary>The lowest log-density of a row of the fit, in nats: a row below it is out of the model. Null where the file has no quantiles.</summary>
    public double? LowestTraining { get; }

    /// <summary>What was scored lately with this version.</summary>
    public RecentScores Recent { get; }

    /// <summary>Gives the version of a file.</summary>
    public static string VersionOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, VersionBytes));

    /// <summary>Reads a model, and scores with it, one point and a batch, so that no request waits for what is made once.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="version">Their version.</param>
    /// <param name="window">The time over which recent scores are summed.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InvalidDataException">The file is not a model; the message names the place.</exception>
    public static LoadedModel Read(byte[] file, string version, TimeSpan window, TimeProvider clock)
    {
        var fit = FitResult.Load(new MemoryStream(file, writable: false));
        var mixture = fit?.Model ?? GaussianMixture.Load(new MemoryStream(file, writable: false));
        mixture.LogDensity(mixture.Mean(0));
        var points = new double[Batch * mixture.Dimension];
        mixture.LogDensities(new Points(points, mixture.Dimension), stackalloc double[Batch], maxDegreeOfParallelism: 1);
        return new LoadedModel(version, file.Length, mixture, fit, clock.GetUtcNow(), new RecentScores(window, clock));
    }
}

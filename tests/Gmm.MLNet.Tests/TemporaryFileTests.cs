using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gmm.MLNet.Tests;

/// <summary>What fits leave in the folder for temporary files. It is set for the whole process.</summary>
[Collection(nameof(WholeProcess))]
public sealed class TemporaryFileTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly string? _before = Environment.GetEnvironmentVariable("TMPDIR");
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-mlnet-").FullName;

    public TemporaryFileTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "TMPDIR is set as Unix does it");
        Environment.SetEnvironmentVariable("TMPDIR", _folder);
    }

    private string[] Left => Directory.GetFileSystemEntries(_folder);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("TMPDIR", _before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void FitsLeaveNoFiles()
    {
        var rows = _context.Data.LoadFromEnumerable(Row.Clusters(50));
        for (var i = 0; i < 3; i++)
        {
            using var fitted = Trainer().Fit(rows);
            Assert.Equal(50, fitted.Transform(rows).GetColumn<float>(GaussianMixtureColumns.LogDensity).Count());
        }
        Assert.Empty(Left);
    }

    [Fact]
    public void PipelinesLeaveNoFilesAndAreSavedAllTheSame()
    {
        var rows = _context.Data.LoadFromEnumerable(Row.Clusters(50));
        var saved = new MemoryStream();
        for (var i = 0; i < 3; i++)
        {
            using var fitted = _context.Transforms.NormalizeMeanVariance("Features").Append(Trainer()).Fit(rows);
            _context.Model.Save(fitted, rows.Schema, saved = new MemoryStream());
        }
        Assert.Empty(Left);
        saved.Position = 0;
        Assert.Equal(50, _context.Model.Load(saved, out _).Transform(rows).GetColumn<float>(GaussianMixtureColumns.LogDensity).Count());
    }

    [Fact]
    public void AFitThatIsNotDisposedLeavesNoFileWhereOpenFilesCanBeDeleted()
    {
        var fitted = Trainer().Fit(_context.Data.LoadFromEnumerable(Row.Clusters(50)));
        Assert.Empty(Left);
        Assert.True(fitted.IsRowToRowMapper);
    }

    private GaussianMixtureTrainer Trainer() => _context.Clustering.Trainers.GaussianMixture(numberOfClusters: 4);
}

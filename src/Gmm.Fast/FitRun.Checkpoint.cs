using System.Diagnostics;
using System.Globalization;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

// Writes checkpoints, goes on from them, and keeps to the time.
internal sealed partial class FitRun<T>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly FitStanding _standing = new();
    private CheckpointFile? _resumed;
    private byte[]? _fingerprint;
    private TimeSpan _written;
    private string? _writeFailure;

    // The fingerprint of the points: of those of the checkpoint as long as the survey has not seen these.
    private byte[] PointsFingerprint => _fingerprint ??= FitTerms.Fingerprint(_surveyed!.All, _ranks.IsAlone ? _data.Source : null);

    // Reads where the fit stands. What the options tell is compared here, what only the points tell after the survey.
    private void OpenCheckpoint()
    {
        _resumed = CheckpointFile.Open(_options.ResumeFrom!);
        CarryTerms(_resumed.State);
        _resumed.State.Carry(ref _fingerprint);
        _standing.Carry(_resumed.State, FamilyTable.Of(_options.CovarianceType), Dimension);
    }

    private void CheckFingerprint()
    {
        if (_resumed is null) return;
        var expected = _fingerprint;
        _fingerprint = null;
        if (!PointsFingerprint.AsSpan().SequenceEqual(expected)) Refuse("its points were others; the same are required");
    }

    // Compares where the file is read.
    private void CarryTerms(StateCarrier state)
    {
        var terms = FitTerms.Of(_options, _data.Source, _ranks.TotalCount, ColumnNames, Fingerprint(_initialModel, _options.ContinueFrom));
        foreach (var (name, value) in terms)
        {
            var carried = value;
            state.Carry(ref carried);
            if (carried != value) Refuse($"the {name} is {value}, there it is {carried}; the same is required");
        }
    }

    private void Refuse(string difference) => Throw.Argument("options", $"the checkpoint {_options.ResumeFrom} is of another fit: {difference}");

    private EmOutcome? Resume(Func<Factored, EmSettings, double, EmOutcome?> iterate)
    {
        using var file = _resumed!;
        var shape = new Factored(FamilyTable.Of(_options.CovarianceType), _options.Components, Dimension);
        _resumed = null;
        return iterate(shape, Settings(_standing.Restart) with { Resume = file.State }, _standing.SamplePasses);
    }

    // Looks at the clock, and writes a checkpoint where it is time. Returns whether the time is used up.
    private bool Between(Action<StateCarrier> run)
    {
        var isOver = IsOutOfTime();
        if (_options.Checkpoint is not { } checkpoint || _ranks.Rank != 0 || !(isOver || _clock.Elapsed - _written >= checkpoint.Every)) return isOver;
        try
        {
            CheckpointFile.Replace(checkpoint.Path, state =>
            {
                CarryTerms(state);
                var fingerprint = PointsFingerprint;
                state.Carry(ref fingerprint!);
                _standing.Carry(state, FamilyTable.Of(_options.CovarianceType), Dimension);
                run(state);
            });
            _writeFailure = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The fit is worth more than its checkpoint.
            _writeFailure = e.Message;
        }
        _written = _clock.Elapsed;
        return isOver;
    }

    // All processes stop together.
    private bool IsOutOfTime()
    {
        if (_options.TimeBudget is not { } budget) return false;
        double[] over = [_clock.Elapsed >= budget ? 1 : 0];
        return _ranks.Sum(over, canceled: false) && over[0] > 0;
    }

    private IEnumerable<FitWarning> CheckpointWarnings()
    {
        if (_writeFailure is not null)
        {
            yield return new FitWarning(
                FitWarningKind.CheckpointFailed, [], [],
                string.Create(CultureInfo.InvariantCulture, $"the checkpoint {_options.Checkpoint!.Path} could not be written: {_writeFailure}"));
        }
    }
}

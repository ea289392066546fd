using System.Numerics;
using Gmm.Cli.Ranks;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Holds files that are read in every pass; what fits the budget stays in memory.</summary>
/// <param name="files">The files, which it closes.</param>
/// <param name="budget">The most bytes of a fit.</param>
internal sealed class FileInput(PointFiles files, long budget) : InputPoints
{
    public override PointSource<double> Source { get; } = files.Doubles();

    public override bool IsSingle => files.IsSingle;

    public override IReadOnlyList<string>? ColumnNames => files.ColumnNames;

    public override bool IsMatch => files.IsMatch;

    public override IReadOnlyList<TableNote> Notes => files.Notes;

    public override FitResult Fit(FitOptions options, CancellationToken cancellation) =>
        files.IsSingle ? Fit(files.Singles(), options, cancellation) : Fit(Source, options, cancellation);

    public override SelectionResult Select(SelectionOptions options, CancellationToken cancellation) =>
        files.IsSingle ? Select(files.Singles(), options, cancellation) : Select(Source, options, cancellation);

    public override void CheckUnchanged() => files.CheckUnchanged();

    public override void Dispose() => files.Dispose();

    private FitResult Fit<T>(PointSource<T> points, FitOptions options, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MixtureFit.Fit(
            RankPoints.Of(points, options), RankPoints.Within(options, points, budget), cancellation);

    private SelectionResult Select<T>(PointSource<T> points, SelectionOptions options, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ModelSelection.Run(
            points, options with { Fit = (options.Fit with { Components = options.Components.Max() }).WithinMemory(points, budget) }, cancellation);
}

using Gmm.Cli.Ranks;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Holds a table in memory.</summary>
/// <param name="table">The table.</param>
/// <param name="budget">The most bytes of a fit; then its points keep their order, as points do that are read in every pass. Null for no limit.</param>
internal sealed class TableInput(NumericTable table, long? budget) : InputPoints
{
    public override NumericTable Table => table;

    public override PointSource<double> Source { get; } = new TablePoints(table);

    public override IReadOnlyList<string>? ColumnNames => table.ColumnNames;

    public override bool IsMatch => table.IsMatch;

    public override IReadOnlyList<TableNote> Notes => table.Notes;

    public override FitResult Fit(FitOptions options, CancellationToken cancellation) => budget is null && options.Communicator is null
        ? MixtureFit.Fit(TablePoints.Of(table), options, cancellation)
        : MixtureFit.Fit(RankPoints.Of(Source, options), budget is null ? options : RankPoints.Within(options, Source, BesideTable), cancellation);

    public override SelectionResult Select(SelectionOptions options, CancellationToken cancellation) => budget is null
        ? ModelSelection.Run(TablePoints.Of(table), options, cancellation)
        : ModelSelection.Run(Source, options with { Fit = (options.Fit with { Components = options.Components.Max() }).WithinMemory(Source, BesideTable) }, cancellation);

    // The table is there already.
    private long BesideTable => Math.Max(0, budget!.Value - sizeof(double) * (long)table.Values.Length);
}

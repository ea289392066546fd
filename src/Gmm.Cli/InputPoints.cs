using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Holds the points of a command: a table in memory, or files that are read in every pass.</summary>
internal abstract class InputPoints : IDisposable
{
    /// <summary>What messages call the data.</summary>
    public required string Name { get; init; }

    /// <summary>The table; null where it is not in memory.</summary>
    public virtual NumericTable? Table => null;

    /// <summary>The points in doubles.</summary>
    public abstract PointSource<double> Source { get; }

    /// <summary>N.</summary>
    public long Rows => Source.PointCount;

    /// <summary>D.</summary>
    public int Columns => Source.Dimension;

    /// <summary>Whether the numbers are of single precision in the files.</summary>
    public virtual bool IsSingle => false;

    public bool HasWeights => Source.HasWeights;

    /// <summary>One name per column, or null where the data have none.</summary>
    public abstract IReadOnlyList<string>? ColumnNames { get; }

    /// <summary>Whether the columns were found by the names of a model.</summary>
    public abstract bool IsMatch { get; }

    /// <summary>What was left out, guessed or looks wrong.</summary>
    public abstract IReadOnlyList<TableNote> Notes { get; }

    /// <summary>Fits a mixture.</summary>
    public abstract FitResult Fit(FitOptions options, CancellationToken cancellation);

    /// <summary>Chooses among mixtures.</summary>
    public abstract SelectionResult Select(SelectionOptions options, CancellationToken cancellation);

    /// <summary>Throws where files are not as they were when they were opened: before a result is written.</summary>
    public virtual void CheckUnchanged()
    {
    }

    public virtual void Dispose()
    {
    }
}

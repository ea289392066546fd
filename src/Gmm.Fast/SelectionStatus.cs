namespace Gmm.Fast;

/// <summary>Tells how a selection ended.</summary>
public enum SelectionStatus
{
    /// <summary>All candidates were fitted, or failed.</summary>
    Completed,

    /// <summary>The selection was canceled; the best is that of the candidates until then.</summary>
    Cancelled,
}

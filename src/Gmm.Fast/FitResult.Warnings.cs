using Gmm.Fast.Internals;

namespace Gmm.Fast;

public sealed partial class FitResult
{
    /// <summary>
    /// What to know before trusting the model: one warning per cause, each with all components and columns that it concerns; empty where there is
    /// nothing. Computed when first read, by a factorization or two per component. The end of the fit is not among them: see <see cref="Status"/>.
    /// </summary>
    public IReadOnlyList<FitWarning> Warnings => field ??= ReadOnlyList.Of(_record.Warnings.Value);
}

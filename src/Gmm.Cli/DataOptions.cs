using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Holds how DATA is read for a model.</summary>
/// <param name="Table">What the user said.</param>
/// <param name="SaysMissing">Whether that includes missing values; otherwise the model may know what they mean.</param>
internal sealed record DataOptions(TableOptions Table, bool SaysMissing);

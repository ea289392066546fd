using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gmm.Fast;

/// <summary>Lists what a fit and the one that it resumes must have in common: options by name, and what tells points apart.</summary>
internal static class FitTerms
{
    // Points whose numbers are looked at, at either end.
    private const int Ends = 200;

    /// <summary>Gives the options that decide about a result, with the shape of the points.</summary>
    /// <param name="options">The options.</param>
    /// <param name="source">The points of this process.</param>
    /// <param name="points">N of all processes.</param>
    /// <param name="names">[D], or null.</param>
    /// <param name="start">Tells initial models apart.</param>
    public static List<(string Name, string Value)> Of<T>(
        FitOptions options, PointSource<T> source, long points, IReadOnlyList<string>? names, ulong start)
        where T : unmanaged =>
    [
        ("number of points", Text($"{points}")),
        ("number of columns", Text($"{source.Dimension}")),
        ("element type", typeof(T) == typeof(float) ? "float" : "double"),
        ("use of weights", source.HasWeights ? "with weights" : "without weights"),
        ("list of columns", names is null ? "without names" : string.Join(", ", names)),
        ("use of missing values", $"{options.MissingValues}"),
        ("number of components", Text($"{options.Components}")),
        ("covariance type", CovarianceNames.Of(options.CovarianceType)),
        ("start", options is { InitialModel: null, Starts: null, ContinueFrom: null } ? $"{options.Start}" : Text($"a given model, {start:x16}")),
        ("seed", Text($"{options.Seed}")),
        ("number of restarts", Text($"{options.Restarts}")),
        ("largest number of iterations", Text($"{options.MaxIterations}")),
        ("stop rule", Text($"{StopNames.Of(options.Stop.Kind)} {options.Stop.Tolerance}")),
        ("regularization", options.Regularization?.ToString() ?? "the default"),
        ("variance floor", Text($"{options.VarianceFloor}")),
        ("collapse policy", CollapseNames.Of(options.OnCollapse)),
        ("acceleration", AccelerationNames.Of(options.Acceleration)),
        ("responsibility cutoff", Text($"{options.ResponsibilityCutoff}")),
        ("use of samples", $"{options.Progressive}"),
        ("order of the points", options.Skipping == Skipping.InOrder ? "as given" : "free"),
        ("use of equal points", $"{options.Duplicates}"),
    ];

    /// <summary>Gives a number that differs where points do: by the sums over all of them, where a fit has some, and by the first and the last points.</summary>
    /// <param name="moments">The sums over all points; null for none.</param>
    /// <param name="source">The points, where one process has all of them; otherwise null.</param>
    public static byte[] Fingerprint<T>(SufficientStatistics? moments, PointSource<T>? source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (moments is not null)
        {
            Append<double>(moments.Values);
            Append(moments.AllCenters);
        }
        if (source is not null)
        {
            AppendPoints(0);
            if (source.PointCount > Ends) AppendPoints(source.PointCount - Math.Min(Ends, source.PointCount - Ends));
        }
        return hash.GetHashAndReset();

        void Append<TNumber>(ReadOnlySpan<TNumber> numbers)
            where TNumber : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(numbers));

        void AppendPoints(long first)
        {
            var count = (int)Math.Min(Ends, source!.PointCount - first);
            Append(source.Read(first, count, new T[count * source.Dimension]));
            if (!source.HasWeights) return;
            var weights = new double[count];
            source.ReadWeights(first, weights);
            Append<double>(weights);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

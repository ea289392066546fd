using System.IO.Compression;
using Gmm.Fast;

namespace Gmm.Data.Models;

/// <summary>
/// Exchanges mixtures with scikit-learn, as .npz files of the fitted attributes of its <c>GaussianMixture</c>: <c>weights_</c>, <c>means_</c>,
/// <c>covariances_</c>, <c>precisions_cholesky_</c>, and the parameter <c>covariance_type</c>.
/// </summary>
public static class ScikitLearnModel
{
    private const string Type = "covariance_type";
    private const string Weights = "weights_";
    private const string Means = "means_";
    private const string Covariances = "covariances_";
    private const string PrecisionsCholesky = "precisions_cholesky_";
    private const string ColumnNames = "feature_names_in_";

    /// <summary>The forms of covariances: their names, and their lengths of K components in D dimensions.</summary>
    private static readonly (string Name, CovarianceType Type, Func<int, int, int[]> Shape)[] s_forms =
    [
        ("full", CovarianceType.Full, (k, d) => [k, d, d]), ("tied", CovarianceType.Tied, (_, d) => [d, d]),
        ("diag", CovarianceType.Diagonal, (k, d) => [k, d]), ("spherical", CovarianceType.Spherical, (k, _) => [k]),
    ];

    /// <summary>
    /// Writes a mixture. What scikit-learn has no form for is written in the next larger one: a tied diagonal covariance as one diagonal per component, a
    /// tied spherical one as one variance per component.
    /// </summary>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <param name="model">The mixture.</param>
    /// <param name="fit">How it was fitted: gives <c>converged_</c>, <c>n_iter_</c> and <c>lower_bound_</c>; null where that is not known.</param>
    public static void Write(Stream stream, GaussianMixture model, FitResult? fit = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        var (k, d) = (model.ComponentCount, model.Dimension);
        var (name, covariances) = Form(model);
        var shape = s_forms.First(form => form.Name == name).Shape(k, d);

        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, Type, data => NpyArray.Write(data, [name]));
        Add(archive, Weights, data => NpyArray.Write(data, model.Weights, k));
        Add(archive, Means, data => NpyArray.Write(data, model.Means, k, d));
        Add(archive, Covariances, data => NpyArray.Write(data, covariances, shape));
        Add(archive, PrecisionsCholesky, data => NpyArray.Write(data, Precisions(model, covariances), shape));
        if (model.ColumnNames is { } names)
        {
            Add(archive, ColumnNames, data => NpyArray.Write(data, names, d));
        }

        if (fit is not null)
        {
            Add(archive, "converged_", data => NpyArray.Write(data, fit.Converged ? 1 : 0, isBoolean: true));
            Add(archive, "n_iter_", data => NpyArray.Write(data, fit.Iterations));
            Add(archive, "lower_bound_", data => NpyArray.Write(data, [fit.MeanLogLikelihood]));
        }
    }

    /// <summary>Reads a mixture. Arrays that say nothing of its density are not read.</summary>
    /// <param name="stream">The file, read as a whole; stays open.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <exception cref="TableFormatException">
    /// The file is no such archive, an array is missing or has a wrong shape or type, the weights do not sum to 1, or a covariance is not positive definite.
    /// </exception>
    public static GaussianMixture Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        using var archive = NpzArchive.Open(stream, name);
        var weights = Numbers(archive, Weights);
        if (weights.Shape is not [var k])
        {
            throw new TableFormatException($"{archive.Place}: {Weights} has shape {weights.ShapeText}; one dimension is required");
        }

        var means = Numbers(archive, Means);
        if (means.Shape is not [var rows, var d] || rows != k)
        {
            throw new TableFormatException(FormattableString.Invariant(
                $"{archive.Place}: {Means} has shape {means.ShapeText}; {k} rows, one per weight, are required"));
        }

        var covariances = Numbers(archive, Covariances);
        var type = TypeOf(archive, covariances, k, d);
        var names = Find(archive, ColumnNames) is { } entry ? Names(archive, entry, d) : null;
        try
        {
            return new GaussianMixture(type, d, weights.IsSingle ? Whole(weights.Values) : weights.Values, means.Values, covariances.Values, names);
        }
        catch (ArgumentException e)
        {
            throw ModelText.Failure(archive.Place, e);
        }
    }

    /// <summary>Tells whether covariances have off-diagonal entries.</summary>
    private static bool HasMatrices(GaussianMixture model) => model.CovarianceShape.Count - (model.SharesCovariance ? 0 : 1) == 2;

    /// <summary>Gives the form of a mixture and its covariances in that form.</summary>
    private static (string Name, double[] Covariances) Form(GaussianMixture model)
    {
        if (HasMatrices(model))
        {
            return (model.SharesCovariance ? "tied" : "full", model.Covariances.ToArray());
        }

        var own = model.SharesCovariance ? 1 : model.ComponentCount;
        var name = model.CovarianceType is CovarianceType.Diagonal or CovarianceType.TiedDiagonal ? "diag" : "spherical";
        return (name, [.. Enumerable.Repeat(model.Covariances.ToArray(), model.ComponentCount / own).SelectMany(all => all)]);
    }

    /// <summary>Gives the upper triangular U of each covariance, U U^T its inverse; inverse standard deviations where there are no off-diagonal entries.</summary>
    private static double[] Precisions(GaussianMixture model, double[] covariances)
    {
        if (!HasMatrices(model))
        {
            return [.. covariances.Select(variance => 1 / Math.Sqrt(variance))];
        }

        var d = model.Dimension;
        var (factor, precisions) = (new double[d * d], new double[covariances.Length]);
        for (var matrix = 0; matrix < covariances.Length / factor.Length; matrix++)
        {
            model.PrecisionFactor(matrix, factor);
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    precisions[(((matrix * d) + j) * d) + i] = factor[(i * d) + j];
                }
            }
        }

        return precisions;
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        var entry = archive.CreateEntry(name + NpzArchive.ArrayEnding, CompressionLevel.NoCompression);

        // The earliest time of a zip archive: the same model gives the same bytes.
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var data = entry.Open();
        write(data);
    }

    private static ZipArchiveEntry? Find(NpzArchive archive, string name) =>
        archive.Entries.Where(entry => entry.FullName == name + NpzArchive.ArrayEnding).ToArray() switch
        {
            [] => null,
            [var entry] => entry,
            _ => throw new TableFormatException($"{archive.Place}: several arrays are named '{name}'; one is required"),
        };

    private static NpyArray Numbers(NpzArchive archive, string name)
    {
        var entry = Find(archive, name) ?? throw new TableFormatException(
            $"{archive.Place}: no array is named '{name}', as one of a fitted GaussianMixture of scikit-learn is; the arrays are {archive.Names}");
        return archive.Read(entry, (data, place) => NpyArray.Read(data, place) is { Texts: null } array
            ? array : throw new TableFormatException($"{place}: the array is of text; numbers are required"));
    }

    private static CovarianceType TypeOf(NpzArchive archive, NpyArray covariances, int k, int d)
    {
        var (place, stated) = (archive.Place, Find(archive, Type));
        if (stated is not null)
        {
            var name = archive.Read(stated, TypeName);
            var form = s_forms.FirstOrDefault(form => form.Name == name);
            if (form.Name is null)
            {
                throw new TableFormatException($"{place}: {Type} is {ErrorText.Quoted(name)}; full, tied, diag or spherical is required");
            }

            var shape = form.Shape(k, d);
            return covariances.Shape.SequenceEqual(shape) ? form.Type : throw new TableFormatException(FormattableString.Invariant(
                $"{place}: {Covariances} has shape {covariances.ShapeText}; {NpyArray.Python(shape)} is required, {name} of {k} components in {d} dimensions"));
        }

        var possible = s_forms.Where(form => covariances.Shape.SequenceEqual(form.Shape(k, d))).ToArray();
        return possible switch
        {
            [var form] => form.Type,
            [] => throw new TableFormatException(FormattableString.Invariant(
                $"{place}: {Covariances} has shape {covariances.ShapeText}, which no {Type} of {k} components in {d} dimensions has")),
            _ => throw new TableFormatException(
                $"{place}: {Covariances} of shape {covariances.ShapeText} may be {string.Join(" or ", possible.Select(form => form.Name))}; an array {Type} has to say which"),
        };
    }

    private static string TypeName(Stream data, string place)
    {
        const string Required = "text, full, tied, diag or spherical, is required";
        var array = NpyArray.Read(data, place, Required);
        return array.Texts switch
        {
            [var name] => name,
            null => throw new TableFormatException($"{place}: the array is of numbers; {Required}"),
            var several => throw new TableFormatException($"{place}: the array has {ErrorText.Count(several.Length, "text")}; 1 is required"),
        };
    }

    private static string[] Names(NpzArchive archive, ZipArchiveEntry entry, int d) => archive.Read(entry, (data, place) =>
    {
        const string Required = $"text, as {ColumnNames}.astype(str) gives, is required";
        var texts = NpyArray.Read(data, place, Required).Texts ?? throw new TableFormatException($"{place}: the array is of numbers; {Required}");
        return texts.Length == d ? texts : throw new TableFormatException(FormattableString.Invariant($"{place}: the array has {texts.Length} names; {d} are required"));
    });

    /// <summary>Gives weights that were floats the sum that rounding took.</summary>
    private static double[] Whole(double[] weights)
    {
        const double Rounding = 1e-6;
        var sum = weights.Sum();
        return Math.Abs(sum - 1) <= Rounding ? [.. weights.Select(weight => weight / sum)] : weights;
    }
}

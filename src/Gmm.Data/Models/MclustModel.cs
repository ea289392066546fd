using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Data.Models;

/// <summary>
/// Exchanges mixtures with the package mclust of R, as JSON of the members <c>modelName</c>, <c>d</c>, <c>G</c> and <c>parameters</c> of its objects. Vectors,
/// matrices and arrays are nested as the package jsonlite nests them: of <c>sigma</c>, [d x d x G], the innermost arrays are the components.
/// </summary>
public static class MclustModel
{
    // In standard deviations of two columns: what rounding, and text of 15 digits, may take from a covariance.
    private const double Tolerance = 1e-8;

    /// <summary>The types: how many lengths a matrix has in compact form, whether there is one for all, and the names of the models that it holds.</summary>
    private static readonly (CovarianceType Type, int Lengths, bool IsShared, string[] Names)[] s_forms =
    [
        (CovarianceType.Full, 2, false, ["VVV", "EVE", "VEE", "VVE", "EEV", "VEV", "EVV", "XXX", "V", "X"]),
        (CovarianceType.Tied, 2, true, ["EEE", "E"]),
        (CovarianceType.Diagonal, 1, false, ["VVI", "VEI", "EVI", "XXI"]),
        (CovarianceType.Spherical, 0, false, ["VII", "XII"]),
        (CovarianceType.TiedDiagonal, 1, true, ["EEI"]),
        (CovarianceType.TiedSpherical, 0, true, ["EII"]),
    ];

    /// <summary>Writes a mixture.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    /// <param name="model">The mixture.</param>
    public static void Write(Stream stream, GaussianMixture model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        var (k, d) = (model.ComponentCount, model.Dimension);
        var form = s_forms.First(form => form.Type == model.CovarianceType);
        var name = d > 1 ? form.Names[0] : form.IsShared ? "E" : "V";
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            WriteSizes(writer, name, d, k);
            if (model.ColumnNames is { } columns)
            {
                writer.WriteStartArray("columns");
                foreach (var column in columns)
                {
                    writer.WriteStringValue(column);
                }

                writer.WriteEndArray();
            }

            writer.WriteStartObject("parameters");
            WriteNested(writer, "pro", [k], index => model.Weights[index[0]]);
            WriteNested(writer, "mean", d > 1 ? [d, k] : [k], index => d > 1 ? model.Mean(index[1])[index[0]] : model.Means[index[0]]);
            writer.WriteStartObject("variance");
            WriteSizes(writer, name, d, k);
            WriteVariance(writer, model, form.Lengths);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads a mixture. Models of mclust that share a part of their covariances are read in the form that holds them without loss.</summary>
    /// <param name="stream">UTF-8 text, read to its end; stays open.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <exception cref="TableFormatException">
    /// The text is no such model, has a noise component or a wrong shape, the weights do not sum to 1, or a covariance is not positive definite.
    /// </exception>
    public static GaussianMixture Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        var place = ErrorText.OneLine(name);
        try
        {
            using var document = JsonDocument.Parse(stream);
            return Read(document.RootElement, place);
        }
        catch (JsonException e)
        {
            throw new TableFormatException(FormattableString.Invariant(
                $"{place}: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: the file is not JSON; parameters of mclust as JSON are required"), e);
        }
        catch (InvalidOperationException e)
        {
            // Bytes that are not UTF-8, or half a surrogate pair.
            throw new TableFormatException($"{place}: a text is not valid Unicode", e);
        }
    }
    private static GaussianMixture Read(JsonElement root, string place)
    {
        var at = $"{place}: ";
        var name = JsonNumbers.Text(JsonNumbers.Member(root, "modelName", $"{at}the document"), $"{at}modelName");
        var d = JsonNumbers.Count(JsonNumbers.Member(root, "d", $"{at}the document"), $"{at}d");
        var k = JsonNumbers.Count(JsonNumbers.Member(root, "G", $"{at}the document"), $"{at}G");
        var form = s_forms.FirstOrDefault(form => form.Names.Contains(name) && name.Length == (d > 1 ? 3 : 1));
        if (form.Names is null)
        {
            var known = s_forms.SelectMany(row => row.Names).Where(known => known.Length == (d > 1 ? 3 : 1));
            throw new TableFormatException($"{at}modelName is {ErrorText.Quoted(name)}; {string.Join(", ", known)} are possible in {ErrorText.Count(d, "dimension")}");
        }

        var parameters = JsonNumbers.Member(root, "parameters", $"{at}the document");
        if (JsonNumbers.Optional(parameters, "Vinv", $"{at}parameters") is { ValueKind: JsonValueKind.Number or JsonValueKind.Array })
        {
            throw new TableFormatException($"{at}parameters.Vinv says that the model has a noise component; a mixture of normal components alone is required");
        }

        double[] Numbers(JsonElement parent, string member, params ReadOnlySpan<int> shape) => JsonNumbers.Read(
            JsonNumbers.Member(parent, member, $"{at}parameters{(member.StartsWith("sigma", StringComparison.Ordinal) ? ".variance" : "")}"), $"{at}{member}", shape);
        var weights = Numbers(parameters, "pro", k);
        var means = d > 1 ? Numbers(parameters, "mean", d, k) : Numbers(parameters, "mean", k);
        var variance = JsonNumbers.Member(parameters, "variance", $"{at}parameters");
        var sigma = d > 1 ? Numbers(variance, "sigma", d, d, k) : Numbers(variance, "sigmasq", form.IsShared ? 1 : k);
        var columns = JsonNumbers.Optional(root, "columns", $"{at}the document") is { } names ? Columns(names, d, at) : null;
        try
        {
            double[] ofComponents = [.. Enumerable.Range(0, k * d).Select(i => means[(i % d * k) + (i / d)])];
            var model = new GaussianMixture(form.Type, d, weights, ofComponents, Compact(sigma, form.Lengths, form.IsShared ? 1 : k, d), columns);
            if (d > 1)
            {
                CheckForm(model, sigma, name, at);
            }

            return model;
        }
        catch (ArgumentException e)
        {
            throw ModelText.Failure(place, e);
        }
    }

    /// <summary>Gives the compact form of some matrices of <paramref name="sigma"/>, [d x d x G] with the components innermost.</summary>
    private static double[] Compact(double[] sigma, int lengths, int matrices, int d)
    {
        var components = sigma.Length / (d * d);
        var compact = new List<double>();
        for (var k = 0; k < matrices; k++)
        {
            for (var i = 0; i < (lengths > 0 ? d : 1); i++)
            {
                for (var j = lengths > 1 ? 0 : i; j < (lengths > 1 ? d : i + 1); j++)
                {
                    compact.Add(sigma[(((i * d) + j) * components) + k]);
                }
            }
        }

        return [.. compact];
    }

    /// <summary>Refuses covariances that are not of the model that is named.</summary>
    private static void CheckForm(GaussianMixture model, double[] sigma, string name, string at)
    {
        var (components, d) = (model.ComponentCount, model.Dimension);
        for (var i = 0; i < sigma.Length; i++)
        {
            var (k, column, row) = (i % components, i / components % d, i / components / d);
            var (expected, scale) = (model.Covariance(k, row, column), Math.Sqrt(model.Variance(k, row)) * Math.Sqrt(model.Variance(k, column)));
            if (!(Math.Abs(sigma[i] - expected) <= Tolerance * scale))
            {
                throw new TableFormatException(FormattableString.Invariant(
                    $"{at}sigma[{row}][{column}][{k}] is {sigma[i]}, which is not of the model {name}: {expected} is required"));
            }
        }
    }

    private static string[] Columns(JsonElement names, int d, string at)
    {
        if (names.ValueKind != JsonValueKind.Array || names.GetArrayLength() != d)
        {
            throw new TableFormatException(FormattableString.Invariant($"{at}columns: an array of {d} names is required"));
        }

        return [.. names.EnumerateArray().Select(name => JsonNumbers.Text(name, $"{at}columns"))];
    }

    private static void WriteSizes(Utf8JsonWriter writer, string name, int d, int k)
    {
        writer.WriteString("modelName", name);
        writer.WriteNumber("d", d);
        writer.WriteNumber("G", k);
    }

    /// <summary>Writes the members that functions of mclust read, each model its own.</summary>
    private static void WriteVariance(Utf8JsonWriter writer, GaussianMixture model, int lengths)
    {
        var (d, matrices) = (model.Dimension, model.SharesCovariance ? 1 : model.ComponentCount);
        if (d == 1 || lengths == 0)
        {
            WriteNested(writer, "sigmasq", [matrices], index => model.Variance(index[0], 0));
            WriteNested(writer, "scale", [matrices], index => model.Variance(index[0], 0));
        }

        if (d == 1)
        {
            return;
        }

        WriteNested(writer, "sigma", [d, d, model.ComponentCount], index => model.Covariance(index[2], index[0], index[1]));
        if (model.SharesCovariance)
        {
            WriteNested(writer, "Sigma", [d, d], index => model.Covariance(0, index[0], index[1]));
        }

        if (lengths == 2)
        {
            double[][] roots = [.. Enumerable.Range(0, matrices).Select(k => Root(model, k))];
            WriteNested(writer, model.SharesCovariance ? "cholSigma" : "cholsigma", model.SharesCovariance ? [d, d] : [d, d, matrices],
                index => roots[index.Length > 2 ? index[2] : 0][(index[0] * d) + index[1]]);
        }
        else if (lengths == 1)
        {
            double[] scales = [.. Enumerable.Range(0, matrices).Select(k => Math.Exp(Enumerable.Range(0, d).Average(j => Math.Log(model.Variance(k, j)))))];
            WriteNested(writer, "scale", [matrices], index => scales[index[0]]);
            WriteNested(writer, "shape", model.SharesCovariance ? [d] : [d, matrices], index =>
            {
                var k = index.Length > 1 ? index[1] : 0;
                return model.Variance(k, index[0]) / scales[k];
            });
        }
    }

    /// <summary>Gives the upper triangular R of a covariance R^T R, [d x d], by columns (Golub and Van Loan, Matrix Computations, algorithm 4.2.1).</summary>
    private static double[] Root(GaussianMixture model, int k)
    {
        var d = model.Dimension;
        var root = new double[d * d];
        for (var j = 0; j < d; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                var rest = model.Covariance(k, i, j);
                for (var m = 0; m < i; m++)
                {
                    rest -= root[(m * d) + i] * root[(m * d) + j];
                }

                root[(i * d) + j] = i == j ? Math.Sqrt(rest) : rest / root[(i * d) + i];
            }
        }

        return root;
    }

    private static void WriteNested(Utf8JsonWriter writer, string name, int[] shape, Func<int[], double> value)
    {
        writer.WritePropertyName(name);
        WriteNested(writer, shape, new int[shape.Length], 0, value);
    }

    private static void WriteNested(Utf8JsonWriter writer, int[] shape, int[] index, int axis, Func<int[], double> value)
    {
        if (axis == shape.Length)
        {
            writer.WriteNumberValue(value(index));
            return;
        }

        writer.WriteStartArray();
        for (index[axis] = 0; index[axis] < shape[axis]; index[axis]++)
        {
            WriteNested(writer, shape, index, axis + 1, value);
        }

        writer.WriteEndArray();
    }
}

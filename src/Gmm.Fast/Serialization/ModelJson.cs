using System.Globalization;
using System.Text;
using System.Text.Json;
using Gmm.Fast.Model;

namespace Gmm.Fast.Serialization;

/// <summary>
/// The model file: {"format":"gmm-model","version":1,"covarianceType","weights","means","covariances","columns","fit"}. Numbers are written with the
/// shortest digits that read back as the same double, so nothing is lost.
/// </summary>
internal static class ModelJson
{
    private const string Format = "gmm-model";
    private const int Version = 1;

    private static readonly string[] s_types = ["full", "tied", "diag", "spherical"];
    private static readonly string[] s_stops = ["mean", "total", "fixed"];
    private static readonly string[] s_statuses = ["converged", "maxIterations", "cancelled", "collapsed"];
    private static readonly string[] s_actions = ["fail", "keep", "reseed", "drop"];

    public static void Write(Stream stream, GaussianMixture model, FitResult? fit)
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" })) Write(writer, model, fit);
        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter writer, GaussianMixture model, FitResult? fit)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", Version);
        writer.WriteString("covarianceType", s_types[(int)model.CovarianceType]);
        writer.WritePropertyName("weights");
        WriteVector(writer, model.Weights);
        writer.WritePropertyName("means");
        WriteArray(writer, model.Means, model.ComponentCount, model.Dimension);
        writer.WritePropertyName("covariances");
        WriteCovariances(writer, model);
        if (model.ColumnNames is { } names)
        {
            writer.WriteStartArray("columns");
            foreach (var name in names) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
        if (fit is not null) WriteFit(writer, fit);
        writer.WriteEndObject();
    }

    public static (GaussianMixture Model, FitResult? Fit) Read(Stream stream)
    {
        try
        {
            using var document = Parse(stream);
            return Read(new JsonPlace(document.RootElement, JsonPlace.Root));
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: " : "";
            throw new InvalidDataException($"{place}not a JSON document: {FirstSentence(e.Message)}", e);
        }
    }

    private static JsonDocument Parse(Stream stream)
    {
        try
        {
            return JsonDocument.Parse(JsonText.Read(stream), new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // The search for duplicates cannot read a name with half a surrogate pair.
            throw new InvalidDataException("not a JSON document: a name is not valid Unicode text", e);
        }
    }

    private static (GaussianMixture Model, FitResult? Fit) Read(JsonPlace root)
    {
        if (root.Optional("format") is { } format && format.String() != Format) format.Fail($"is '{JsonPlace.Shown(format.String())}'; '{Format}' is required");
        if (root.Optional("version") is { } version && version.Number() != Version)
            version.Fail(string.Create(CultureInfo.InvariantCulture, $"is {version.Number()}; this program reads version {Version}"));
        var type = (CovarianceType)root.Required("covarianceType").OneOf(s_types);
        var weights = root.Required("weights").Vector();
        var k = weights.Length;
        if (k == 0) root.Required("weights").Fail("is empty; one weight per component is required");
        var first = root.Required("means").Items(k).First();
        var d = first.Length();
        if (d == 0) first.Fail("is empty; one number per feature is required");
        var means = root.Required("means").Numbers(k, d);
        var covariances = root.Required("covariances");
        var compact = type switch
        {
            CovarianceType.Full => covariances.Numbers(k, d, d),
            CovarianceType.Tied => covariances.Numbers(d, d),
            CovarianceType.Diagonal => covariances.Numbers(k, d),
            _ => covariances.Numbers(k),
        };
        var names = root.Optional("columns")?.Items(d).Select(name => name.String()).ToArray();

        GaussianMixture model;
        try
        {
            model = new GaussianMixture(type, d, weights, means, compact, names);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(FirstSentence(e.Message.Split(" (Parameter")[0]), e);
        }
        return (model, root.Optional("fit") is { } fit ? ReadFit(fit, model) : null);
    }

    private static FitResult ReadFit(JsonPlace fit, GaussianMixture model)
    {
        var tolerance = fit.Required("tolerance").NonNegative();
        var stop = (StopKind)fit.Required("stop").OneOf(s_stops) switch
        {
            StopKind.MeanChange => StopRule.MeanChange(tolerance),
            StopKind.TotalRise => StopRule.TotalRise(tolerance),
            _ => StopRule.FixedCount,
        };
        var trace = fit.Required("trace").Vector();
        if (trace.Length == 0) fit.Required("trace").Fail("is empty; the log-likelihood of the initial parameters is required");
        var components = fit.Required("components").Items(model.ComponentCount).Select(c => new ComponentDiagnostics(
            c.Required("effectiveCount").NonNegative(),
            c.Optional("conditionNumber")?.NonNegative() ?? double.PositiveInfinity,
            c.Required("regularizationShare").NonNegative())).ToArray();
        var recoveries = fit.Optional("recoveries")?.Items().Select(r => new Recovery(
            r.Required("iteration").Count(1), r.Optional("component")?.Count(0), (CollapsePolicy)r.Required("action").OneOf(s_actions),
            r.Required("cause").String())).ToArray() ?? [];
        var options = new FitOptions
        {
            Components = model.ComponentCount,
            CovarianceType = model.CovarianceType,
            Stop = stop,
            Regularization = fit.Required("regularization").NonNegative(),
            Seed = fit.Required("seed").Integer(long.MinValue),
        };
        return new FitResult(
            model, (FitStatus)fit.Required("status").OneOf(s_statuses), fit.Optional("failure")?.String(), trace, fit.Required("points").Integer(1),
            recoveries, options, Precision.Double, () => components);
    }

    private static void WriteFit(Utf8JsonWriter writer, FitResult fit)
    {
        writer.WriteStartObject("fit");
        writer.WriteString("status", s_statuses[(int)fit.Status]);
        if (fit.Failure is { } failure) writer.WriteString("failure", failure);
        writer.WriteNumber("iterations", fit.Iterations);
        writer.WriteBoolean("converged", fit.Converged);
        writer.WriteNumber("points", fit.Points);
        writer.WriteNumber("totalLogLikelihood", fit.TotalLogLikelihood);
        writer.WriteNumber("meanLogLikelihood", fit.MeanLogLikelihood);
        writer.WritePropertyName("trace");
        WriteVector(writer, fit.Trace);
        writer.WriteString("stop", s_stops[(int)fit.Stop.Kind]);
        writer.WriteNumber("tolerance", fit.Stop.Tolerance);
        writer.WriteNumber("regularization", fit.Regularization);
        writer.WriteNumber("seed", fit.Seed);
        writer.WriteStartArray("components");
        foreach (var component in fit.Components)
        {
            writer.WriteStartObject();
            writer.WriteNumber("effectiveCount", component.EffectiveCount);
            if (double.IsFinite(component.ConditionNumber)) writer.WriteNumber("conditionNumber", component.ConditionNumber);
            writer.WriteNumber("regularizationShare", component.RegularizationShare);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (fit.Recoveries.Count > 0) WriteRecoveries(writer, fit.Recoveries);
        writer.WriteEndObject();
    }

    private static void WriteRecoveries(Utf8JsonWriter writer, IReadOnlyList<Recovery> recoveries)
    {
        writer.WriteStartArray("recoveries");
        foreach (var recovery in recoveries)
        {
            writer.WriteStartObject();
            writer.WriteNumber("iteration", recovery.Iteration);
            if (recovery.Component is { } component) writer.WriteNumber("component", component);
            writer.WriteString("action", s_actions[(int)recovery.Action]);
            writer.WriteString("cause", recovery.Cause);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteCovariances(Utf8JsonWriter writer, GaussianMixture model)
    {
        var (k, d) = (model.ComponentCount, model.Dimension);
        switch (model.CovarianceType)
        {
            case CovarianceType.Full:
                writer.WriteStartArray();
                for (var i = 0; i < k; i++) WriteArray(writer, model.Covariances.Slice(i * d * d, d * d), d, d);
                writer.WriteEndArray();
                break;
            case CovarianceType.Tied:
                WriteArray(writer, model.Covariances, d, d);
                break;
            case CovarianceType.Diagonal:
                WriteArray(writer, model.Covariances, k, d);
                break;
            default:
                WriteVector(writer, model.Covariances);
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, ReadOnlySpan<double> values, int rows, int columns)
    {
        writer.WriteStartArray();
        for (var i = 0; i < rows; i++) WriteVector(writer, values.Slice(i * columns, columns));
        writer.WriteEndArray();
    }

    // A vector stays on one line: indented, a matrix would be a column of numbers.
    private static void WriteVector(Utf8JsonWriter writer, ReadOnlySpan<double> values)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < values.Length; i++) text.Append(i == 0 ? "" : ", ").Append(values[i].ToString("R", CultureInfo.InvariantCulture));
        writer.WriteRawValue(text.Append(']').ToString());
    }

    // The serializer appends its own " LineNumber: ... | Path: ..." to some messages, and quotes what it could not read.
    private static string FirstSentence(string message)
    {
        const int Longest = 300;
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return JsonPlace.Shown((end < 0 ? message : message[..end]).TrimEnd('.'), Longest);
    }
}

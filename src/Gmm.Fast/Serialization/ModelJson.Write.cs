using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gmm.Fast.Em;
using Gmm.Fast.Model;

namespace Gmm.Fast.Serialization;

// Writes model files.
internal static partial class ModelJson
{
    /// <summary>Writes a model, with what else the file holds.</summary>
    public static void Write(Stream stream, ModelFile file)
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" })) Write(writer, file);
        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter writer, ModelFile file)
    {
        var model = file.Mixture.Parameters;
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", Version);
        writer.WriteString("covarianceType", model.Family.Name);
        writer.WritePropertyName("weights");
        WriteVector(writer, model.Weights);
        writer.WritePropertyName("means");
        WriteArray(writer, model.Means, model.Components, model.Dimension);
        writer.WritePropertyName("covariances");
        WriteNested(writer, model.Covariances, model.Family.Shape(model.Components, model.Dimension));
        if (file.ColumnNames is { } names)
        {
            writer.WriteStartArray("columns");
            foreach (var name in names) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
        if (file.MissingValues != MissingValues.Error) writer.WriteString("missingValues", s_meanings[(int)file.MissingValues]);
        if (file.Fit is { } fit) WriteFit(writer, fit);
        if (file.Round is { } round) WriteRound(writer, round, model.Components, model.Dimension);
        if (file.Quantiles is { } quantiles) WriteQuantiles(writer, quantiles);
        writer.WriteEndObject();
    }

    private static void WriteRound(Utf8JsonWriter writer, RoundRecord round, int k, int d)
    {
        writer.WriteStartObject("round");
        writer.WritePropertyName("trace");
        WriteVector(writer, round.Trace);
        WriteStop(writer, round.Stop);
        WriteRegularization(writer, round.Regularization);
        if (round.VarianceFloor > 0) writer.WriteNumber("varianceFloor", round.VarianceFloor);
        writer.WriteNumber("seed", round.Seed);
        if (round.Pooled is { } pooled) WritePooled(writer, pooled);
        if (round.Centers is { } centers)
        {
            writer.WritePropertyName("centers");
            WriteArray(writer, centers, k, d);
        }
        writer.WriteEndObject();
    }

    private static void WritePooled(Utf8JsonWriter writer, PooledColumns pooled)
    {
        writer.WritePropertyName("columnMeans");
        WriteVector(writer, pooled.Means);
        writer.WritePropertyName("columnVariances");
        WriteVector(writer, pooled.Variances);
    }

    private static void WriteQuantiles(Utf8JsonWriter writer, DensityQuantiles quantiles)
    {
        writer.WriteStartObject("densityQuantiles");
        writer.WriteString("kind", s_kinds[quantiles.IsExact ? 0 : 1]);
        writer.WritePropertyName("logDensities");
        WriteVector(writer, quantiles.LogDensities);
        if (quantiles.Shares is { } shares)
        {
            writer.WritePropertyName("shares");
            WriteVector(writer, shares);
        }
        writer.WriteEndObject();
    }

    private static void WriteFit(Utf8JsonWriter writer, FitRecord fit)
    {
        writer.WriteStartObject("fit");
        writer.WriteString("status", s_statuses[(int)fit.Status]);
        if (fit.Failure is { } failure) writer.WriteString("failure", failure);
        writer.WriteNumber("iterations", fit.Trace.Length - 1);
        writer.WriteBoolean("converged", fit.Status == FitStatus.Converged);
        writer.WriteNumber("points", fit.Points);
        if (fit.DistinctPoints is { } distinct) writer.WriteNumber("distinctPoints", distinct);
        if (fit.TotalWeight != fit.Points) writer.WriteNumber("totalWeight", fit.TotalWeight);
        writer.WriteNumber("totalLogLikelihood", fit.Trace[^1]);
        writer.WriteNumber("meanLogLikelihood", fit.Trace[^1] / fit.TotalWeight);
        writer.WritePropertyName("trace");
        WriteVector(writer, fit.Trace);
        WriteStop(writer, fit.Stop);
        WriteRegularization(writer, fit.Regularization);
        if (fit.VarianceFloor > 0) writer.WriteNumber("varianceFloor", fit.VarianceFloor);
        if (fit.OnCollapse != CollapsePolicy.Fail) writer.WriteString("onCollapse", CollapseNames.Of(fit.OnCollapse));
        if (fit.Acceleration != Acceleration.None)
        {
            writer.WriteString("acceleration", AccelerationNames.Of(fit.Acceleration));
            writer.WriteNumber("refusedProposals", fit.Refused);
        }
        if (fit.ResponsibilityCutoff > 0) writer.WriteNumber("responsibilityCutoff", fit.ResponsibilityCutoff);
        if (fit.CutoffLoss is { } loss) writer.WriteNumber("cutoffLoss", loss);
        if (fit.ComputedShare < 1) writer.WriteNumber("computedShare", fit.ComputedShare);
        if (fit.SamplePasses > 0) writer.WriteNumber("samplePasses", fit.SamplePasses);
        writer.WriteNumber("seed", fit.Seed);
        if (fit.Pooled is { } pooled) WritePooled(writer, pooled);
        writer.WriteStartArray("components");
        foreach (var component in fit.Components.Value)
        {
            writer.WriteStartObject();
            writer.WriteNumber("effectiveCount", component.EffectiveCount);
            if (double.IsFinite(component.ConditionNumber)) writer.WriteNumber("conditionNumber", component.ConditionNumber);
            writer.WriteNumber("regularizationShare", component.RegularizationShare);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (!fit.StartComponents.SequenceEqual(Enumerable.Range(0, fit.StartComponents.Length))) WriteIndices(writer, "startComponents", fit.StartComponents);
        if (fit.Recoveries.Count > 0) WriteRecoveries(writer, fit.Recoveries);
        WriteWarnings(writer, fit.Warnings.Value);
        writer.WriteEndObject();
    }

    internal static void WriteStop(Utf8JsonWriter writer, StopRule stop)
    {
        writer.WriteString("stop", StopNames.Of(stop.Kind));
        writer.WriteNumber("tolerance", stop.Tolerance);
    }

    private static void WriteRegularization(Utf8JsonWriter writer, Regularization regularization)
    {
        writer.WritePropertyName("regularization");
        WriteRegularizationValue(writer, regularization);
    }

    internal static void WriteRegularizationValue(Utf8JsonWriter writer, Regularization regularization)
    {
        if (!regularization.IsRelative)
        {
            writer.WriteNumberValue(regularization.Value);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("kind", s_regularizations[1]);
        writer.WriteNumber("value", regularization.Value);
        writer.WriteEndObject();
    }

    // Also where there are none: a file without the list is of an earlier version, whose warnings are not known.
    private static void WriteWarnings(Utf8JsonWriter writer, IReadOnlyList<FitWarning> warnings)
    {
        writer.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", s_warnings[(int)warning.Kind]);
            if (warning.Components.Count > 0) WriteIndices(writer, "components", warning.Components);
            if (warning.Columns.Count > 0) WriteIndices(writer, "columns", warning.Columns);
            writer.WriteString("message", warning.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteIndices(Utf8JsonWriter writer, string name, IReadOnlyList<int> indices)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue($"[{string.Join(", ", indices)}]");
    }

    private static void WriteRecoveries(Utf8JsonWriter writer, IReadOnlyList<Recovery> recoveries)
    {
        writer.WriteStartArray("recoveries");
        foreach (var recovery in recoveries)
        {
            writer.WriteStartObject();
            writer.WriteNumber("iteration", recovery.Iteration);
            if (recovery.Component is { } component) writer.WriteNumber("component", component);
            writer.WriteString("action", CollapseNames.Of(recovery.Action));
            writer.WriteString("cause", recovery.Cause);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    // Writes nested arrays of the given lengths; the last two are a matrix.
    private static void WriteNested(Utf8JsonWriter writer, ReadOnlySpan<double> values, ReadOnlySpan<int> shape)
    {
        if (shape.Length == 1)
        {
            WriteVector(writer, values);
            if (writer.BytesPending > MostPending) writer.Flush();
            return;
        }
        writer.WriteStartArray();
        var length = values.Length / shape[0];
        for (var i = 0; i < shape[0]; i++) WriteNested(writer, values.Slice(i * length, length), shape[1..]);
        writer.WriteEndArray();
    }

    private static void WriteArray(Utf8JsonWriter writer, ReadOnlySpan<double> values, int rows, int columns)
    {
        writer.WriteStartArray();
        for (var i = 0; i < rows; i++)
        {
            WriteVector(writer, values.Slice(i * columns, columns));
            if (writer.BytesPending > MostPending) writer.Flush();
        }
        writer.WriteEndArray();
    }

    // Writes a vector on one line.
    private static void WriteVector(Utf8JsonWriter writer, ReadOnlySpan<double> values)
    {
        const int Longest = 32;
        var rented = ArrayPool<byte>.Shared.Rent(checked(2 + values.Length * Longest));
        var text = rented.AsSpan();
        text[0] = (byte)'[';
        var length = 1;
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                text[length++] = (byte)',';
                text[length++] = (byte)' ';
            }
            values[i].TryFormat(text[length..], out var written, "R", CultureInfo.InvariantCulture);
            length += written;
        }
        text[length++] = (byte)']';
        writer.WriteRawValue(text[..length], skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Serialization;

/// <summary>
/// Holds the content of a model file: a mixture, what NaN means to it, and perhaps names [D] of dimensions, the history of a fit and the distribution
/// of its log-densities.
/// </summary>
internal sealed record ModelFile(
    Factored Mixture, IReadOnlyList<string>? ColumnNames, MissingValues MissingValues, FitRecord? Fit, DensityQuantiles? Quantiles)
{
    /// <summary>Where a fit in rounds stands; null for none.</summary>
    public RoundRecord? Round { get; init; }
}

/// <summary>Holds where a fit stands whose E-steps are jobs of their own: all but the model, whose log-likelihood nobody knows yet.</summary>
/// <param name="Trace">[t]: total log-likelihoods of the models before.</param>
/// <param name="Stop">The stop rule.</param>
/// <param name="Regularization">What M-steps add to variances.</param>
/// <param name="VarianceFloor">The least variance, as a fraction of that of all points.</param>
/// <param name="Seed">The seed of the start.</param>
/// <param name="Pooled">The columns of all points; null where no M-step asks for them.</param>
/// <param name="Centers">[K x D]: the origins of the next sums, where they are others than the means; otherwise null.</param>
internal sealed record RoundRecord(
    double[] Trace, StopRule Stop, Regularization Regularization, double VarianceFloor, long Seed, PooledColumns? Pooled, double[]? Centers);

/// <summary>
/// Writes and reads the model file: {"format":"gmm-model","version":1,"covarianceType","weights","means","covariances","columns","missingValues","fit",
/// "round","densityQuantiles"}. Numbers have the shortest digits that read back as the same double.
/// </summary>
internal static partial class ModelJson
{
    private const string Format = "gmm-model";
    private const int Version = 1;

    // A writer keeps all text until it is flushed.
    private const int MostPending = 1 << 20;

    private static readonly string[] s_types = [.. FamilyTable.All.ToArray().Select(family => family.Name)];
    private static readonly string[] s_stops = [.. Enum.GetValues<StopKind>().Select(StopNames.Of)];
    private static readonly string[] s_statuses = [.. Enum.GetValues<FitStatus>().Select(FitStatusNames.Of)];
    private static readonly string[] s_meanings = [.. Enum.GetNames<MissingValues>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
    private static readonly string[] s_kinds = ["points", "knots"];
    private static readonly string[] s_regularizations = ["absolute", "relative"];
    private static readonly string[] s_warnings = [.. Enum.GetNames<FitWarningKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
    private static readonly string[] s_accelerations = [.. Enum.GetValues<Acceleration>().Select(AccelerationNames.Of)];
    private static readonly string[] s_actions = [.. Enum.GetValues<CollapsePolicy>().Select(CollapseNames.Of)];

    /// <summary>Reads a model, and the history of its fit if the file has it.</summary>
    /// <exception cref="InvalidDataException">The text is not a model; the message names the place, the value and the requirement.</exception>
    public static ModelFile Read(Stream stream)
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

    private static ModelFile Read(JsonPlace root)
    {
        if (root.Optional("format") is { } format && format.String() != Format)
            format.Fail($"is '{JsonPlace.Shown(format.String())}'; '{Format}' is required");
        if (root.Optional("version") is { } version && version.Number() != Version)
            version.Fail(string.Create(CultureInfo.InvariantCulture, $"is {version.Number()}; this program reads version {Version}"));
        var family = FamilyTable.All[root.Required("covarianceType").OneOf(s_types)];
        var weights = root.Required("weights").Vector();
        var k = weights.Length;
        if (k == 0) root.Required("weights").Fail("is empty; one weight per component is required");
        var first = root.Required("means").Items(k).First();
        var d = first.Length();
        if (d == 0) first.Fail("is empty; one number per dimension is required");
        var means = root.Required("means").Numbers(k, d);
        var covariances = root.Required("covariances");
        var compact = covariances.Numbers(family.Shape(k, d));
        var names = root.Optional("columns")?.Items(d).Select(name => name.String()).ToArray();

        Factored mixture;
        try
        {
            mixture = CheckedMixture.Create(family.Type, d, weights, means, compact);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(FirstSentence(Throw.Message(e)), e);
        }
        var meaning = (MissingValues)(root.Optional("missingValues")?.OneOf(s_meanings) ?? 0);
        return new ModelFile(mixture, names, meaning, root.Optional("fit") is { } fit ? ReadFit(fit, root, k) : null,
            root.Optional("densityQuantiles") is { } quantiles ? ReadQuantiles(quantiles) : null)
        {
            Round = root.Optional("round") is { } round ? ReadRound(round, k, d) : null,
        };
    }

    private static FitRecord ReadFit(JsonPlace fit, JsonPlace root, int k)
    {
        var stop = ReadStop(fit);
        var trace = fit.Required("trace").Vector();
        if (trace.Length == 0) fit.Required("trace").Fail("is empty; the log-likelihood of the initial parameters is required");
        var components = fit.Required("components").Items(k).Select(c => new ComponentDiagnostics(
            c.Required("effectiveCount").NonNegative(),
            c.Optional("conditionNumber")?.NonNegative() ?? double.PositiveInfinity,
            c.Required("regularizationShare").NonNegative())).ToArray();
        var recoveries = fit.Optional("recoveries")?.Items().Select(r => new Recovery(
            r.Required("iteration").Count(1), r.Optional("component")?.Count(0), (CollapsePolicy)r.Required("action").OneOf(s_actions),
            r.Required("cause").String())).ToArray() ?? [];
        var points = fit.Required("points").Integer(1);
        var starts = fit.Optional("startComponents")?.Items(k).Select(start => start.Count(0)).ToArray() ?? [.. Enumerable.Range(0, k)];
        var dimension = root.Required("means").Items().First().Length();
        var warnings = fit.Optional("warnings")?.Items().Select(warning => ReadWarning(warning, k, dimension)).ToArray()
            ?? [.. RecoveryWords.Of(recoveries, isRenumbered: false)];
        return new FitRecord(
            (FitStatus)fit.Required("status").OneOf(s_statuses), fit.Optional("failure")?.String(), trace, points,
            TotalWeight(fit.Optional("totalWeight")) ?? points, recoveries, stop, ReadRegularization(fit.Required("regularization")),
            fit.Required("seed").Integer(long.MinValue), starts, new Lazy<IReadOnlyList<ComponentDiagnostics>>(components),
            new Lazy<IReadOnlyList<FitWarning>>(warnings))
        {
            VarianceFloor = ReadPart(fit.Optional("varianceFloor")),
            OnCollapse = (CollapsePolicy)(fit.Optional("onCollapse")?.OneOf(s_actions) ?? 0),
            Acceleration = (Acceleration)(fit.Optional("acceleration")?.OneOf(s_accelerations) ?? 0),
            Refused = fit.Optional("refusedProposals")?.Count(0) ?? 0,
            ResponsibilityCutoff = ReadPart(fit.Optional("responsibilityCutoff")),
            CutoffLoss = fit.Optional("cutoffLoss")?.NonNegative(),
            DistinctPoints = fit.Optional("distinctPoints") is { } distinct ? Distinct(distinct, points) : null,
            SamplePasses = fit.Optional("samplePasses")?.NonNegative() ?? 0,
            ComputedShare = fit.Optional("computedShare") is { } share ? ReadPart(share) : 1,
            Pooled = ReadPooled(fit, dimension),
        };
    }

    internal static StopRule ReadStop(JsonPlace place)
    {
        var tolerance = place.Required("tolerance").NonNegative();
        return (StopKind)place.Required("stop").OneOf(s_stops) switch
        {
            StopKind.MeanChange => StopRule.MeanChange(tolerance),
            StopKind.TotalRise => StopRule.TotalRise(tolerance),
            StopKind.FixedCount => StopRule.FixedCount,
            StopKind.Statistical => StopRule.Statistical(tolerance),
            var other => throw new UnreachableException($"stop rule {other}"),
        };
    }

    private static PooledColumns? ReadPooled(JsonPlace place, int d)
    {
        if (place.Optional("columnVariances") is not { } variances) return null;
        var values = variances.Numbers(d);
        if (values.AsSpan().IndexOfAnyInRange(double.MinValue, -double.Epsilon) is >= 0 and var j)
            variances.Fail(string.Create(CultureInfo.InvariantCulture, $"has {values[j]}; at least 0 is required"));
        return new PooledColumns(place.Required("columnMeans").Numbers(d), values);
    }

    private static RoundRecord ReadRound(JsonPlace round, int k, int d) => new(
        round.Required("trace").Vector(), ReadStop(round), ReadRegularization(round.Required("regularization")),
        ReadPart(round.Optional("varianceFloor")), round.Required("seed").Integer(long.MinValue), ReadPooled(round, d), round.Optional("centers")?.Numbers(k, d));

    private static long Distinct(JsonPlace place, long points)
    {
        var distinct = place.Integer(1);
        if (distinct > points) place.Fail(string.Create(CultureInfo.InvariantCulture, $"is {distinct}; at most {points}, the number of points, is required"));
        return distinct;
    }

    private static double ReadPart(JsonPlace? place)
    {
        if (place is not { } value) return 0;
        var floor = value.NonNegative();
        if (floor >= 1) value.Fail(string.Create(CultureInfo.InvariantCulture, $"is {floor}; a number below 1 is required"));
        return floor;
    }

    // A number is an absolute one, as in files of earlier versions.
    internal static Regularization ReadRegularization(JsonPlace place)
    {
        if (place.Element.ValueKind != JsonValueKind.Object) return Regularization.Absolute(place.NonNegative());
        var isRelative = place.Required("kind").OneOf(s_regularizations) == 1;
        var value = place.Required("value").NonNegative();
        return isRelative ? Regularization.Relative(value) : Regularization.Absolute(value);
    }

    // A component that was dropped has a number of the start.
    private static FitWarning ReadWarning(JsonPlace warning, int k, int d)
    {
        var kind = (FitWarningKind)warning.Required("kind").OneOf(s_warnings);
        return new FitWarning(
            kind, Indices(warning.Optional("components"), kind == FitWarningKind.Recovered ? int.MaxValue : k), Indices(warning.Optional("columns"), d),
            warning.Required("message").String());
    }

    private static int[] Indices(JsonPlace? list, int limit)
    {
        return list?.Items().Select(Index).ToArray() ?? [];

        int Index(JsonPlace place)
        {
            var index = place.Count(0);
            if (index >= limit) place.Fail(string.Create(CultureInfo.InvariantCulture, $"is {index}; at most {limit - 1} is required"));
            return index;
        }
    }

    private static double? TotalWeight(JsonPlace? place)
    {
        if (place is not { } value) return null;
        var weight = value.NonNegative();
        if (weight == 0) value.Fail("is 0; a number above 0 is required");
        return weight;
    }

    private static DensityQuantiles ReadQuantiles(JsonPlace place)
    {
        var isExact = place.Required("kind").OneOf(s_kinds) == 0;
        var densities = place.Required("logDensities");
        var values = Ascending(densities, strictly: !isExact);
        if (values.Length == 0) densities.Fail("is empty; at least one number is required");
        if (isExact && place.Optional("shares") is null) return new DensityQuantiles(values, null, isExact);
        var given = place.Required("shares");
        given.Length(values.Length);
        var shares = Ascending(given, strictly: false);
        if (!(shares[0] >= 0 && shares[^1] == 1)) given.Fail("are not from 0 to 1; shares that end at 1 are required");
        return new DensityQuantiles(values, shares, isExact);
    }

    private static double[] Ascending(JsonPlace place, bool strictly)
    {
        var values = place.Vector();
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1] || (strictly && values[i] == values[i - 1]))
                place.Fail(string.Create(CultureInfo.InvariantCulture, $"goes from {values[i - 1]} to {values[i]}; numbers that rise are required"));
        }
        return values;
    }

    // Cuts the " LineNumber: ... | Path: ..." that the serializer appends to some messages, and the long text that it quotes.
    private static string FirstSentence(string message)
    {
        const int Longest = 300;
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return JsonPlace.Shown((end < 0 ? message : message[..end]).TrimEnd('.'), Longest);
    }
}

using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>
/// The blocks that show one model and its data. Goes over the rows once, when made; figures of one view share the points in the page, so make one view per
/// subject.
/// </summary>
public sealed class FitView
{
    private const int MostPanelPoints = 1500;

    private readonly Survey _survey;
    private readonly int[] _dimensions;

    /// <summary>Looks at all rows of the subject.</summary>
    /// <param name="subject">Model and data; at least one row.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public FitView(Subject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Count == 0) throw new ArgumentException("the subject has no rows; at least one is required", nameof(subject));
        Subject = subject;
        _dimensions = ShownDimensions.Of(subject.Model);
        _survey = new Survey(subject, PointSample.Rows(subject.Count, PointCloud.Limit(_dimensions.Length, subject.Model.ComponentCount)));
    }

    /// <summary>Model and data.</summary>
    public Subject Subject { get; }

    /// <summary>Whether there are enough dimensions for <see cref="Scatter3D"/>.</summary>
    public bool HasThreeDimensions => Model.Dimension >= 3;

    private GaussianMixture Model => Subject.Model;

    private int Components => Model.ComponentCount;

    /// <summary>The size of everything, the criteria of the fit, and what the caller adds.</summary>
    /// <param name="elapsed">Time of the fit, or null.</param>
    /// <param name="more">Further lines: the options of the fit.</param>
    public Block Facts(TimeSpan? elapsed = null, IReadOnlyList<Fact>? more = null)
    {
        var fit = Subject.Fit;
        var total = fit?.TotalLogLikelihood ?? Model.TotalLogLikelihood(new Points(Subject.Rows, Model.Dimension));
        var points = fit?.Points ?? Subject.Count;
        var weight = fit?.TotalWeight ?? points;
        var facts = new List<Fact>();
        if (Subject.Name.Length > 0) facts.Add(new("Data", Subject.Name));
        facts.Add(new("Points (N)", Numbers.Count(points)));
        if (points != Subject.Count) facts.Add(new("Points in this report", Numbers.Count(Subject.Count)));
        if (Subject.IsWeighted) facts.Add(new("Total weight", Numbers.Long(weight)));
        facts.Add(new("Dimensions (D)", Numbers.Count(Model.Dimension)));
        facts.Add(new("Components (K)", Numbers.Count(Components)));
        facts.Add(new("Covariances", Model.CovarianceName));
        facts.Add(new("Free parameters", Numbers.Count(Model.FreeParameters)));
        if (fit is not null) facts.Add(new("Iterations", Numbers.Count(fit.Iterations)));
        facts.Add(new("Log-likelihood", Numbers.Long(total)));
        facts.Add(new(Subject.IsWeighted ? "Log-likelihood per weight of 1" : "Log-likelihood per point", Numbers.Long(total / weight)));
        facts.Add(new("BIC", Numbers.Long(Model.Bic(total, weight))));
        facts.Add(new("AIC", Numbers.Long(Model.Aic(total))));
        if (elapsed is { } time) facts.Add(new("Time", Numbers.Duration(time)));
        return new Facts([.. facts, .. more ?? []]);
    }

    /// <summary>Weight, effective count, mean and standard deviations of each component, and its condition number where a fit tells it.</summary>
    public Block ComponentsTable()
    {
        var fit = Subject.Fit;
        string[] fixedColumns = fit is null ? ["Component", "Weight", "Effective count"] : ["Component", "Weight", "Effective count", "Condition number"];
        var table = new Table([.. fixedColumns, .. _dimensions.Select(Subject.Column)],
            $"Mean ± standard deviation in each {(Model.ColumnNames is null ? "dimension" : "column")}{OmittedDimensions()}");
        for (var k = 0; k < Components; k++)
        {
            var component = k;
            Cell[] first =
            [
                new($"{k}", Swatch: Palette.Component(k)), Numbers.Weight(Model.Weights[k], 4),
                Numbers.Short(fit?.Components[k].EffectiveCount ?? _survey.EffectiveCounts[k]),
            ];
            Cell[] condition = fit is null ? [] : [Numbers.Short(fit.Components[k].ConditionNumber)];
            table.Add([.. first, .. condition, .. _dimensions.Select(j => (Cell)MeanAndDeviation(component, j))]);
        }
        return table;
    }

    /// <summary>
    /// D = 1: histogram of all points, the components' densities and their sum, the points below. Otherwise the points in two dimensions that the reader
    /// chooses, colored by their responsibilities, with ellipses at 1 and 2 standard deviations.
    /// </summary>
    public Block Scatter()
    {
        if (Model.Dimension == 1)
        {
            var note = Note("Dashed lines: where the most probable component changes. Click a name in the legend to hide a component.");
            return new Plot("Points, component densities and their sum", note, "tall", (json, data) => WriteMixture(json, data, "density", () =>
            {
                WriteHistogram(json);
                json.Numbers("boundaries", [.. Model.Boundaries().Select(boundary => boundary.Position)]);
            }));
        }
        return new Plot("Points, means and ellipses at 1 and 2 standard deviations",
            Note("Each point has the colors of the components in the proportions of its responsibilities. Click a name in the legend to hide a component; "
                + "drag to zoom, double-click to go back."),
            "tall", (json, data) => WriteMixture(json, data, "scatter"));
    }

    /// <summary>The points in three dimensions that the reader chooses and turns, with ellipsoids at 2 standard deviations.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than three dimensions.</exception>
    public Block Scatter3D()
    {
        if (!HasThreeDimensions) throw new InvalidOperationException($"the model has {Numbers.Count(Model.Dimension, "dimension")}; at least 3 are required");
        return new Plot("In three dimensions: points, means and ellipsoids at 2 standard deviations", Note("Drag to turn, scroll to come closer."), "tall",
            (json, data) => WriteMixture(json, data, "scatter3d"));
    }

    /// <summary>The trace of the fit, and beside it the trace without its first three iterations.</summary>
    /// <exception cref="InvalidOperationException">There is no fit.</exception>
    public Block LogLikelihood()
    {
        var fit = Subject.Fit ?? throw new InvalidOperationException("the subject has no fit; its trace is required");
        const int Skipped = 3;
        var trace = fit.Trace.ToArray();
        var whole = Trace("All iterations", trace, 0);
        return trace.Length < Skipped + 3 ? whole : new Beside(whole, Trace($"Without the first {Skipped}", trace, Skipped));
    }

    /// <summary>How sure the model is: the points by their largest responsibility, and the mean entropy.</summary>
    public Block Certainty()
    {
        // Nothing lies below 1/K.
        var first = Survey.CertaintyBins / Components;
        var edges = Enumerable.Range(first, Survey.CertaintyBins - first + 1).Select(i => (double)i / Survey.CertaintyBins);
        var entropy = _survey.MeanEntropy;
        var scale = Components > 1 ? $" of at most ln {Components} = {Numbers.Short(Math.Log(Components))}" : "";
        return Plots.Histogram("Points by their largest responsibility", "largest responsibility", "points", [.. edges],
            [.. _survey.Certainty.Skip(first).Select(count => (double)count)],
            $"1 means certain. Mean entropy of the responsibilities: {Numbers.Short(entropy)}{scale}; 0 would be no doubt about any point. "
                + $"All {Numbers.Count(Subject.Count, "point")}.{(Subject.IsWeighted ? " " + Subject.CountsPoints : "")}");
    }

    /// <summary>In one dimension, where the most probable component changes; null where it changes nowhere or there are more dimensions.</summary>
    public Block? Boundaries()
    {
        if (Model.Dimension != 1 || Model.Boundaries() is not { Count: > 0 } boundaries) return null;
        var deviation = Enumerable.Range(0, Components).Select(k => Math.Sqrt(Model.Variance(k, 0))).Min();
        var places = Numbers.Row([.. boundaries.Select(boundary => boundary.Position)], deviation);
        var table = new Table(["Most probable component", "From", "To"], $"Regions of {Subject.Column(0)}");
        for (var i = 0; i <= boundaries.Count; i++)
        {
            var k = i == 0 ? boundaries[0].Below : boundaries[i - 1].Above;
            table.Add(new($"{k}", Swatch: Palette.Component(k)), i == 0 ? "-∞" : places[i - 1], i == boundaries.Count ? "∞" : places[i]);
        }
        return table;
    }

    /// <summary>
    /// The rows with the lowest log-densities, with the column that makes each unusual: the one that is farthest, in standard deviations, from what
    /// the other columns predict under the row's most probable component.
    /// </summary>
    /// <param name="most">The largest number of rows, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public IReadOnlyList<Block> Unusual(int most = 10)
    {
        Require.AtLeast(nameof(most), most, 0);
        var rows = UnusualRows.Of(Subject, most);
        var (hasTail, hasOthers) = (Model.HasDensityQuantiles, Model.Dimension > 1);
        var table = new Table([
            "Row", "Log-density", .. Only(hasTail, "Share of rows as unlikely"), "Component", "Column", "Value", "Deviations from the mean",
            .. Only(hasOthers, "From what the others predict"),
        ]);
        foreach (var row in rows)
        {
            table.Add([
                Numbers.Count(row.Number), Numbers.Short(row.LogDensity), .. Only<Cell>(hasTail, Numbers.Short(row.Tail)),
                new($"{row.Component}", Swatch: Palette.Component(row.Component)), Subject.Column(row.Column),
                Numbers.Mean(row.Value, Math.Sqrt(Model.Variance(row.Component, row.Column))), Numbers.Brief(row.Deviation),
                .. Only<Cell>(hasOthers, Numbers.Brief(row.Conditional)),
            ]);
        }
        var which = hasOthers
            ? " The column is the one that is farthest from what the other columns predict, for a point of the row's component: where columns depend on "
                + "each other, a value may be far from that though it is near the mean." : "";
        var gaps = Subject.HasGaps
            ? " A row with gaps has the density of the values that it has, which does not compare with that of other columns." : "";
        return
        [
            new Paragraph($"The rows that the model finds least likely, counted from 0.{which}{gaps} Some row is always the least likely: a large number of "
                + "deviations makes it worth a look."),
            table,
        ];

        static T[] Only<T>(bool condition, T item) => condition ? [item] : [];
    }

    /// <summary>The components at several moments, side by side, on the same axes.</summary>
    /// <param name="snapshots">In order.</param>
    /// <exception cref="ArgumentException">A model has other dimensions or another number of components.</exception>
    public Block Progress(IReadOnlyList<ModelSnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        foreach (var (title, model) in snapshots)
        {
            if (model.Dimension != Model.Dimension || model.ComponentCount != Components)
            {
                throw new ArgumentException($"'{title}' has {model.ComponentCount} components in {model.Dimension} dimensions; {Components} in "
                    + $"{Model.Dimension} are required", nameof(snapshots));
            }
        }
        return Panels(Model.Dimension == 1 ? "Component densities at each stage" : "Means and ellipses at each stage",
            [.. snapshots.Select(s => (s.Title, (GaussianMixture?)s.Model, (double[]?)null))]);
    }

    /// <summary>The responsibilities at several moments, side by side, on the same axes.</summary>
    /// <param name="snapshots">In order.</param>
    /// <exception cref="ArgumentException">The length of one is not N x K.</exception>
    public Block Responsibilities(IReadOnlyList<ResponsibilitySnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        foreach (var (title, values) in snapshots)
        {
            if (values.LongLength != (long)Subject.Count * Components)
                throw new ArgumentException($"'{title}' has {values.LongLength} values; {Subject.Count} x {Components} are required", nameof(snapshots));
        }
        return Panels("Points by responsibility at each stage", [.. snapshots.Select(s => (s.Title, (GaussianMixture?)null, (double[]?)s.Responsibilities))]);
    }

    private Plot Panels(string title, (string Title, GaussianMixture? Model, double[]? Responsibilities)[] panels)
    {
        var points = PointSample.Rows(_survey.Drawn.Length, MostPanelPoints);
        var sample = points.Length < Subject.Count ? $"Each panel draws {Numbers.Count(points.Length)} of the {Numbers.Count(Subject.Count)} points." : null;
        return new Plot(title, sample, "many", (json, data) => WriteMixture(json, data, "panels", () =>
        {
            if (Model.Dimension == 1) WriteHistogram(json);
            json.Binary<int>("points", points);
            json.WriteStartArray("panels");
            foreach (var (name, model, responsibilities) in panels)
            {
                json.WriteStartObject();
                json.WriteString("title", name);
                json.WriteBase64String("colors", Colors(points, model, responsibilities));
                if (model is not null) PointCloud.WriteModel(json, model, _dimensions);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }));
    }

    private byte[] Colors(int[] points, GaussianMixture? model, double[]? responsibilities)
    {
        var colors = new byte[points.Length * 3];
        var own = new double[Components];
        var scorer = Subject.HasGaps ? model?.WithMissingValues(MissingValues.Marginalize) : model;
        for (var i = 0; i < points.Length; i++)
        {
            var row = _survey.Drawn[points[i]];
            scorer?.Responsibilities(Subject.Rows.AsSpan(row * Model.Dimension, Model.Dimension), own);
            var color = Palette.Mix(model is null ? responsibilities.AsSpan(row * Components, Components) : own);
            (colors[i * 3], colors[i * 3 + 1], colors[i * 3 + 2]) = (color.Red, color.Green, color.Blue);
        }
        return colors;
    }

    private void WriteMixture(Utf8JsonWriter json, PageData data, string kind, Action? more = null)
    {
        json.WriteStartObject();
        json.WriteString("kind", kind);
        json.WriteString("cloud", data.Share(this, cloud => PointCloud.Write(cloud, Subject, _survey, _dimensions)));
        if (kind != "panels") PointCloud.WriteModel(json, Model, _dimensions);
        more?.Invoke();
        json.WriteEndObject();
    }

    // Bins by Rice's rule, all points, heights as densities so that the curves fit on them.
    private void WriteHistogram(Utf8JsonWriter json)
    {
        var (minimum, maximum) = (_survey.Minimum[0], _survey.Maximum[0]);
        var bins = maximum > minimum ? Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(Subject.Count)), 8, 100) : 1;
        if (maximum == minimum) (minimum, maximum) = (minimum - 0.5, maximum + 0.5);
        var width = (maximum - minimum) / bins;
        var counts = new double[bins];
        foreach (var x in Subject.Rows)
        {
            if (!double.IsNaN(x)) counts[Math.Clamp((int)((x - minimum) / width), 0, bins - 1)]++;
        }
        json.WriteStartObject("histogram");
        json.Numbers("edges", [.. Enumerable.Range(0, bins + 1).Select(i => minimum + i * width)]);
        json.Numbers("heights", [.. counts.Select(count => count / (counts.Sum() * width))]);
        json.Numbers("counts", counts);
        json.WriteEndObject();
    }

    private string MeanAndDeviation(int k, int j)
    {
        var deviation = Math.Sqrt(Model.Variance(k, j));
        return $"{Numbers.Mean(Model.Mean(k)[j], deviation)} ± {Numbers.Brief(deviation)}";
    }

    private static Plot Trace(string title, double[] trace, int first) => Plots.Lines(title, "iteration", "log-likelihood",
        [new("log-likelihood", [.. Enumerable.Range(first, trace.Length - first).Select(i => (double)i)], trace[first..])], wholeSteps: true);

    private string Note(string usage)
    {
        var drawn = _survey.Drawn.Length;
        var sample = drawn == Subject.Count
            ? $"All {Numbers.Count(drawn, "point")}."
            : $"Drawn are {Numbers.Count(drawn)} of the {Numbers.Count(Subject.Count)} points: the rows are cut into {Numbers.Count(drawn)} equal "
                + "stretches and one row is taken from each, the same ones every time. All numbers in this report are of all points.";
        if (Subject.HasGaps) sample += $" {Subject.LeavesGapsOut}";
        return $"{sample} Rows and components are counted from 0. {usage}{OmittedDimensions(". ", ".")}";
    }

    private string OmittedDimensions(string before = "; ", string after = "") => _dimensions.Length == Model.Dimension
        ? ""
        : $"{before}{_dimensions.Length} of the {Numbers.Count(Model.Dimension)} dimensions are shown, those in which the components differ most{after}";
}

using Gmm.Fast;

namespace Gmm.Report.Figures;

/// <summary>
/// Pictures of a mixture. Components have the same color in every figure (<see cref="Palette"/>) and are numbered from 0; a point's color is that
/// of its components, mixed by its responsibilities. Of more than 50,000 points a fixed sample is drawn (<see cref="PointSample"/>), of that many
/// divided by the number of panels where they stand side by side, and of more than 5,000 in a matrix; the figure says so. Histograms and the mean
/// entropy count all points.
/// </summary>
public static partial class Figure
{
    private const int LargestMatrix = 6;
    private const int MatrixLimit = 5_000;

    // With more components the lines would hide the points.
    private const int MostContours = 8;

    /// <summary>
    /// Points, components and their contours: in two dimensions a scatter diagram, of one-dimensional data a histogram with the densities, of 3 to 6
    /// dimensions with no choice made all pairs as a matrix, of more the two most telling ones (<see cref="TellingColumns"/>).
    /// </summary>
    /// <param name="subject">Model and data.</param>
    /// <param name="dims">Dimensions on the two axes, from 0; null to choose by the rule above.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model does not have these two different dimensions.</exception>
    public static FigureFile Components(Subject subject, (int X, int Y)? dims = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var d = subject.Model.Dimension;
        CheckDims(dims, d);
        if (dims is null && d is > 2 and <= LargestMatrix) return Matrix(subject);
        return Steps(subject, [("", subject.Model)], dims, Headline("Components", subject), Facts(subject));
    }

    /// <summary>The components of several models of the same data side by side: at the start, after some iterations, at the end.</summary>
    /// <param name="subject">The data; each panel colors the points by its own model.</param>
    /// <param name="steps">Title and model of each panel.</param>
    /// <param name="dims">Dimensions on the two axes, from 0; null for the first two, of more than 6 for the two most telling ones.</param>
    /// <exception cref="ArgumentException">There is no step, or a model has another shape than the subject's.</exception>
    public static FigureFile Progress(Subject subject, IReadOnlyList<(string Title, GaussianMixture Model)> steps, (int X, int Y)? dims = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(steps);
        CheckDims(dims, subject.Model.Dimension);
        if (steps.Count == 0) throw new ArgumentException("at least one step is required", nameof(steps));
        foreach (var (title, model) in steps)
        {
            if (model.Dimension != subject.Model.Dimension || model.ComponentCount != subject.Model.ComponentCount)
            {
                throw new ArgumentException(
                    $"the model '{title}' has {model.ComponentCount} components in {model.Dimension} dimensions; "
                        + $"{subject.Model.ComponentCount} in {subject.Model.Dimension} are required", nameof(steps));
            }
        }
        return Steps(subject, steps, dims, Headline("Progress of the parameters", subject), Shape(subject));
    }

    /// <summary>The points colored by several sets of responsibilities, side by side; of one-dimensional data stacked histograms.</summary>
    /// <param name="subject">The data.</param>
    /// <param name="steps">Title and responsibilities [N x K] of each panel.</param>
    /// <param name="dims">Dimensions on the two axes, from 0; null for the first two, of more than 6 for the two most telling ones.</param>
    /// <exception cref="ArgumentException">There is no step, or responsibilities have another length.</exception>
    public static FigureFile Responsibilities(
        Subject subject, IReadOnlyList<(string Title, double[] Responsibilities)> steps, (int X, int Y)? dims = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(steps);
        var (d, k) = (subject.Model.Dimension, subject.Model.ComponentCount);
        CheckDims(dims, d);
        if (steps.Count == 0) throw new ArgumentException("at least one step is required", nameof(steps));
        foreach (var (title, responsibilities) in steps)
        {
            if (responsibilities.Length != subject.Count * k)
            {
                throw new ArgumentException(
                    $"'{title}' has {responsibilities.Length} responsibilities; {subject.Count} x {k} are required", nameof(steps));
            }
        }

        var chosen = dims ?? Axes(subject.Model);
        var x = (Dimension: chosen.X, Range: MixtureAxes.Of(subject, chosen.X, [], 0));
        var notes = new List<string> { "Each point has the colors of the components mixed by its responsibilities." };
        List<Panel> panels;
        if (d == 1)
        {
            panels = StackedPanel.Of(subject, x.Range, steps, PanelsPerRow);
            notes = ["Each bar is divided by the responsibilities of its points."];
        }
        else
        {
            var y = (Dimension: chosen.Y, Range: MixtureAxes.Of(subject, chosen.Y, [], 0));
            var clouds = steps.Select(step => PointCloud.Of(subject, step.Responsibilities, PointSample.DefaultLimit / steps.Count)).ToList();
            panels = [.. steps.Select((step, i) =>
                ScatterPanel.Of(null, clouds[i], x, y, Title(step.Title), steps.Count > 4, showsY: IsFirst(i)))];
            if (clouds[0].Note is { } sample) notes.Add(sample);
            if (subject.HasGaps) notes.Add(Subject.LeavesGapsOut);
        }
        return new(new Scene
        {
            Title = Headline("Responsibilities", subject),
            Subtitle = Shape(subject),
            LegendTitle = "Component",
            Legend = [.. Enumerable.Range(0, k).Select(i => new LegendEntry(Figures.Shape.Square, Palette.Component(i), $"{i}"))],
            Notes = notes,
            Panels = Scene.Row(panels, PanelsPerRow),
            Size = RowSize(panels.Count),
        });
    }

    private static FigureFile Steps(
        Subject subject, IReadOnlyList<(string Title, GaussianMixture Model)> steps, (int X, int Y)? dims, string title, string subtitle)
    {
        const double Reach = 2.15;
        var d = subject.Model.Dimension;
        var models = steps.Select(step => step.Model).ToList();
        var notes = new List<string>();
        var chosen = dims ?? Axes(subject.Model);
        var x = (Dimension: chosen.X, Range: MixtureAxes.Of(subject, chosen.X, models, d == 1 ? 3 : Reach));
        List<Panel> panels;
        if (d == 1)
        {
            var (top, isCut) = DensityPanel.Top(subject, models, x);
            panels = [.. steps.Select((step, i) => DensityPanel.Of(subject, step.Model, x, top, Title(step.Title), showsY: IsFirst(i)))];
            notes.Add(DensityPanel.Note(isWholeFigure: true));
            if (subject.IsWeighted) notes.Add(Subject.CountsPoints);
            if (isCut) notes.Add("Higher peaks are cut off.");
            notes.AddRange(MixtureAxes.Notes(models[^1], x));
        }
        else
        {
            var y = (Dimension: chosen.Y, Range: MixtureAxes.Of(subject, chosen.Y, models, Reach));
            var hasContours = steps.Count <= 4 && subject.Model.ComponentCount <= MostContours;
            var clouds = steps.Select(step =>
                PointCloud.Of(new Subject(step.Model, subject.Rows), PointSample.DefaultLimit / steps.Count)).ToList();
            panels = [.. steps.Select((step, i) =>
                ScatterPanel.Of(step.Model, clouds[i], x, y, Title(step.Title), steps.Count > 4, hasContours, showsY: IsFirst(i)))];
            notes.Add(ScatterPanel.Note(hasContours));
            if (dims is null && d > 2)
                notes.Add(d > LargestMatrix ? $"The two of {Numbers.Count(d)} columns in which the components differ most." : $"The first two of {d} columns.");
            if (clouds[0].Note is { } sample) notes.Add(sample);
            if (subject.HasGaps) notes.Add(Subject.LeavesGapsOut);
            notes.AddRange(MixtureAxes.Notes(models[^1], x, y));
        }
        return new(new Scene
        {
            Title = title,
            Subtitle = subtitle,
            LegendTitle = "Component (weight)",
            Legend = Weights(models),
            Notes = notes,
            Panels = Scene.Row(panels, PanelsPerRow),
            Size = panels.Count > 1 ? RowSize(panels.Count) : (900, d == 1 ? 600 : 760),
        });
    }

    private static (int X, int Y) Axes(GaussianMixture model)
    {
        if (model.Dimension <= LargestMatrix) return (0, 1);
        var telling = TellingColumns.Of(model, 2);
        return (telling[0], telling[1]);
    }

    private static FigureFile Matrix(Subject subject)
    {
        var (model, d) = (subject.Model, subject.Model.Dimension);
        var axes = new (int Dimension, AxisRange Range)[d];
        for (var j = 0; j < d; j++) axes[j] = (j, MixtureAxes.Of(subject, j, [model], 2.15));
        var cloud = PointCloud.Of(subject, MatrixLimit);
        var panels = new Panel?[d, d];
        var isCut = false;
        for (var row = 0; row < d; row++)
        {
            for (var column = 0; column < row; column++)
            {
                panels[row, column] = ScatterPanel.Of(
                    model, cloud, axes[column], axes[row], isSmall: true, showsX: row == d - 1, showsY: column == 0);
            }
            var (top, cut) = DensityPanel.Top(subject, [model], axes[row]);
            isCut |= cut;
            panels[row, row] = DensityPanel.Of(
                subject, model, axes[row], top, axes[row].Range.Name, isSmall: true, showsX: row == d - 1, showsY: false);
        }
        var notes = new List<string> { ScatterPanel.Note(hasContours: false), DensityPanel.Note(isWholeFigure: false) };
        if (subject.IsWeighted) notes.Add(Subject.CountsPoints);
        if (isCut) notes.Add("Higher peaks are cut off.");
        if (cloud.Note is { } sample) notes.Add(sample);
        if (subject.HasGaps) notes.Add(Subject.LeavesGapsOut);
        notes.AddRange(MixtureAxes.Notes(model, axes));
        return new(new Scene
        {
            Title = Headline("Components", subject),
            Subtitle = Facts(subject),
            LegendTitle = "Component (weight)",
            Legend = Weights([model]),
            Notes = notes,
            Panels = panels,
            Size = (190 * d + 120, 180 * d + 160),
        });
    }
}

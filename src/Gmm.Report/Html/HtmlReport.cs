using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>The report of one fit as one interactive page.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    /// <param name="content">What to show.</param>
    public static void Write(Stream stream, ReportContent content) => Compose(content).Write(stream);

    /// <summary>The page, to add sections to.</summary>
    /// <param name="content">What to show.</param>
    public static Page Compose(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var subject = content.Subject;
        var model = subject.Model;
        var title = content.Title ?? (subject.Name.Length == 0 ? "Gaussian mixture" : $"Gaussian mixture of {subject.Name}");
        var page = new Page(title, $"{Numbers.Count(model.ComponentCount, "component")} with {model.CovarianceName} covariances, "
            + $"{Numbers.Count(subject.Fit?.Points ?? subject.Count, "point")} in {Numbers.Count(model.Dimension, "dimension")}");
        if (subject.Fit is { } fit)
        {
            page.AddHeader(new Notice(FitWords.Status(fit), FitWords.IsGood(fit) ? Mark.Good : Mark.Warning));
            foreach (var warning in FitWords.Warnings(fit)) page.AddHeader(new Notice(warning));
        }
        foreach (var warning in content.Warnings) page.AddHeader(new Notice(warning));
        if (subject.Count == 0) page.AddHeader(new Notice("There are no points to show the model with."));
        else AddSections(page, content, new FitView(subject));
        return page.Add([.. content.Extra]);
    }

    /// <summary>Fits to choose from: the criteria over the number of components, as a figure and as a table.</summary>
    /// <param name="rows">The fits.</param>
    public static Section Selection(IReadOnlyList<SelectionRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var section = new Section("Model selection");
        if (rows.Count == 0) return section.Add(new Paragraph("No fits were compared."));
        var best = rows.MinBy(row => row.Bic)!;
        section.Add(new Paragraph(
            $"The smallest BIC is that of {Label(best)}. Smaller is better for every criterion; they differ in how much each parameter costs."));
        var hasKinds = rows.Any(row => row.Kind.Length > 0);
        var hasIcl = rows.Any(row => row.Icl is not null);
        var hasNotes = rows.Any(row => row.Note is not null);
        var series = new List<Series>();
        (string, Func<SelectionRow, double?>)[] criteria = [("BIC", r => r.Bic), ("AIC", r => r.Aic), ("ICL", r => r.Icl)];
        foreach (var (criterion, value) in criteria)
        {
            foreach (var kind in rows.GroupBy(row => row.Kind))
            {
                var points = kind.Where(row => value(row) is not null).OrderBy(row => row.Components).ToArray();
                if (points.Length == 0) continue;
                double[] x = [.. points.Select(row => (double)row.Components)], y = [.. points.Select(row => value(row)!.Value)];
                series.Add(new($"{criterion} {kind.Key}".TrimEnd(), x, y));
            }
        }
        section.Add(Plots.Lines("Criteria over the number of components", "components", "criterion", series, wholeSteps: true));

        var table = new Table([
            "Components", .. Only(hasKinds, "Covariances"), "BIC", "AIC", .. Only(hasIcl, "ICL"), .. Only(hasNotes, "Fit"),
        ]);
        foreach (var row in rows)
        {
            table.Add([
                Numbers.Count(row.Components), .. Only<Cell>(hasKinds, row.Kind),
                new(Numbers.Long(row.Bic), ReferenceEquals(row, best) ? Mark.Good : Mark.None), Numbers.Long(row.Aic),
                .. Only<Cell>(hasIcl, row.Icl is { } icl ? Numbers.Long(icl) : "–"), .. Only<Cell>(hasNotes, row.Note ?? ""),
            ]);
        }
        return section.Add(table);
    }

    /// <summary>A selection: how clear the choice is, what decided over the number of components, and all candidates.</summary>
    /// <param name="selection">The selection.</param>
    public static Section Selection(SelectionResult selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var criterion = selection.Criterion;
        var isLarger = criterion == SelectionCriterion.CrossValidation;
        var section = new Section("Number of components and form of covariances");
        if (selection.Status == SelectionStatus.Cancelled)
        {
            section.Add(new Notice(
                $"Canceled before the selection was complete; {SelectionNames.Of(criterion)} decides among what was fitted until then."));
        }
        var comparison = selection.RunnerUp is { } second ? $". The second best has {Label(second)}. Of the two, for the best: " : "; ";
        section.Add(new Paragraph($"The best has {Label(selection.Best)}{comparison}{selection.Verdict}."));

        var series = new List<Series>();
        foreach (var kind in selection.Candidates.GroupBy(candidate => candidate.CovarianceType))
        {
            var fitted = kind.Where(candidate => candidate.IsComplete).ToArray();
            series.Add(new(
                CovarianceNames.Of(kind.Key), [.. fitted.Select(candidate => (double)candidate.Components)],
                [.. fitted.Select(candidate => candidate.Value(criterion))], Palette.Component((int)kind.Key)));
        }
        var axis = isLarger ? "mean log-density of points held out" : SelectionNames.Of(criterion);
        section.Add(Plots.Lines($"{char.ToUpperInvariant(axis[0])}{axis[1..]} over the number of components", "components", axis, series,
            $"{(isLarger ? "Larger" : "Smaller")} is better.", wholeSteps: true));

        var table = new Table([
            "Components", "Covariances", "Free parameters", "Log-likelihood", "BIC", "AIC", "ICL", .. Only(isLarger, "Held-out log-density"),
            .. Only(isLarger, "Standard error"), "Fit",
        ]);
        foreach (var candidate in selection.Candidates)
        {
            var mark = candidate == selection.Best ? Mark.Good : candidate.Failure is null ? Mark.None : Mark.Warning;
            table.Add([
                new(Numbers.Count(candidate.Components), mark), CovarianceNames.Of(candidate.CovarianceType), Numbers.Count(candidate.FreeParameters),
                Known(candidate.TotalLogLikelihood), Known(candidate.Bic), Known(candidate.Aic), Known(candidate.Icl),
                .. Only<Cell>(isLarger, Known(candidate.HeldOutLogDensity)), .. Only<Cell>(isLarger, Known(candidate.HeldOutStandardError)),
                candidate.Failure ?? (candidate.Fit is { } fit ? FitWords.Status(fit) : "not fitted"),
            ]);
        }
        return section.Add(table);
    }

    private static string Label(SelectionCandidate candidate) =>
        $"{Numbers.Count(candidate.Components, "component")} with {CovarianceNames.Of(candidate.CovarianceType)} covariances";

    private static string Known(double value) => double.IsNaN(value) ? "–" : Numbers.Long(value);

    private static void AddSections(Page page, ReportContent content, FitView view)
    {
        page.AddHeader(view.Facts(content.Elapsed));
        page.Add(new Section("Components", view.ComponentsTable(), view.Scatter()));
        if (view.HasThreeDimensions) page.Add(new Section("Three dimensions", view.Scatter3D()));
        if (content.Subject.Fit is not null)
        {
            page.Add(new Section("Log-likelihood",
                new Paragraph("Each iteration of the EM algorithm raises the log-likelihood of the data, until it hardly changes."),
                view.LogLikelihood()));
        }
        page.Add(new Section("Certainty", view.Certainty()));
        if (view.Boundaries() is { } boundaries) page.Add(new Section("Boundaries between components", boundaries));
        page.Add(new Section("Most unusual rows", [.. view.Unusual()]));
        if (content.Progress.Count > 0) page.Add(new Section("Progress of the parameters", view.Progress(content.Progress)));
        if (content.Responsibilities.Count > 0)
            page.Add(new Section("Responsibilities over iterations", view.Responsibilities(content.Responsibilities)));
        if (content.Selection.Count > 0) page.Add(Selection(content.Selection));
        if (content.Options.Count > 0) page.Add(new Section("Options", Options(content.Options)));
    }

    private static T[] Only<T>(bool condition, T item) => condition ? [item] : [];

    private static Table Options(IReadOnlyList<Fact> options)
    {
        var table = new Table(["Option", "Value"], text: true);
        foreach (var option in options) table.Add(option.Name, option.Value);
        return table;
    }

    private static string Label(SelectionRow row) => $"{Numbers.Count(row.Components, "component")}{(row.Kind.Length > 0 ? $" ({row.Kind})" : "")}";
}

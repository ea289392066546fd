using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>A model at some moment of a fit.</summary>
/// <param name="Title">Which moment: "after 5 iterations".</param>
/// <param name="Model">K components in the dimensions of the subject.</param>
public sealed record ModelSnapshot(string Title, GaussianMixture Model)
{
    /// <summary>Which moment: "after 5 iterations".</summary>
    public string Title { get; init => field = Require.NotNull(nameof(Title), value); } = Require.NotNull(nameof(Title), Title);

    /// <summary>K components in the dimensions of the subject.</summary>
    public GaussianMixture Model { get; init => field = Require.NotNull(nameof(Model), value); } = Require.NotNull(nameof(Model), Model);
}

/// <summary>Responsibilities at some moment of a fit, also where no model gives them: a random start.</summary>
/// <param name="Title">Which moment.</param>
/// <param name="Responsibilities">[N x K], one row per row of the subject.</param>
public sealed record ResponsibilitySnapshot(string Title, double[] Responsibilities)
{
    /// <summary>Which moment.</summary>
    public string Title { get; init => field = Require.NotNull(nameof(Title), value); } = Require.NotNull(nameof(Title), Title);

    /// <summary>[N x K], one row per row of the subject.</summary>
    public double[] Responsibilities { get; init => field = Require.NotNull(nameof(Responsibilities), value); } =
        Require.NotNull(nameof(Responsibilities), Responsibilities);
}

/// <summary>One fit of a comparison.</summary>
/// <param name="Components">K.</param>
/// <param name="Bic">Smaller is better.</param>
/// <param name="Aic">Smaller is better.</param>
/// <param name="Icl">Smaller is better; null where it was not computed.</param>
/// <param name="Kind">What else differs between the rows, the covariance type for example; empty for nothing.</param>
/// <param name="Note">How the fit ended, or null.</param>
public sealed record SelectionRow(int Components, double Bic, double Aic, double? Icl = null, string Kind = "", string? Note = null);

/// <summary>What a report of one fit shows.</summary>
/// <param name="Subject">Model, data and, where known, the fit.</param>
public sealed record ReportContent(Subject Subject)
{
    /// <summary>Model, data and, where known, the fit.</summary>
    public Subject Subject { get; init => field = Require.NotNull(nameof(Subject), value); } = Require.NotNull(nameof(Subject), Subject);

    /// <summary>Heading; null for one made of the data's name.</summary>
    public string? Title { get; init; }

    /// <summary>What was asked for, in the caller's words.</summary>
    public IReadOnlyList<Fact> Options { get; init => field = Require.NotNull(nameof(Options), value); } = [];

    /// <summary>Time the fit took, or null.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>Warnings besides those that follow from the fit: skipped rows, for example.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = Require.NotNull(nameof(Warnings), value); } = [];

    /// <summary>The parameters on their way, in order.</summary>
    public IReadOnlyList<ModelSnapshot> Progress { get; init => field = Require.NotNull(nameof(Progress), value); } = [];

    /// <summary>The responsibilities on their way, in order.</summary>
    public IReadOnlyList<ResponsibilitySnapshot> Responsibilities { get; init => field = Require.NotNull(nameof(Responsibilities), value); } = [];

    /// <summary>Fits to choose from, or none.</summary>
    public IReadOnlyList<SelectionRow> Selection { get; init => field = Require.NotNull(nameof(Selection), value); } = [];

    /// <summary>Further sections, after the others.</summary>
    public IReadOnlyList<Section> Extra { get; init => field = Require.NotNull(nameof(Extra), value); } = [];
}

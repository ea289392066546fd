using Gmm.Fast.Families;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Finds what to know before trusting a fitted mixture, and says it in one line per cause. What one cause explains is not said again as another:
/// a constant column is no repeated value, and a component of two points is not held by regularization.
/// </summary>
internal sealed partial class Doubts
{
    private const double FewestPoints = 1;

    // The part of a variance that regularization may be before it is said.
    private const double LargeShare = 0.1;

    // The variance of a column over what the others leave of it, from which its density has few correct digits.
    private const double WorstInflation = 1e12;

    // The part of a column's variance within a component that others may leave where they determine the column.
    private const double LargestResidual = 0.01;

    // An outlier holds at most this part of the points, and is so many standard deviations of the others away.
    private const double FewOfAll = 0.02;
    private const double Far = 10;

    // Below this count a component has one point.
    private const double OnePoint = 1.5;

    // The standard deviation of points that are far away together, of their distance.
    private const double SmallSpread = 0.25;

    // A correlation matrix up to this order is always looked at; a larger one only where its factor has a small pivot.
    private const int Small = 200;

    private readonly Parameters _parameters;
    private readonly double[] _counts;
    private readonly double _points;
    private readonly Ridge _ridge;
    private readonly Precision _precision;
    private readonly Wording _wording;
    private readonly List<FitWarning> _warnings = [];
    private readonly double[] _mean;
    private readonly double[] _variances;
    private readonly bool[] _explained;
    private readonly List<(int Component, int[] Columns)> _repeated = [];
    private readonly List<(int Component, List<LinearRelation> Relations)> _related = [];
    private readonly List<(int Component, int Column, double Share)> _held = [];
    private readonly List<(int Component, int Column, double Share)> _heldBesideOthers = [];
    private readonly List<(int Component, int Column, double Inflation)> _inflated = [];
    private readonly List<int> _few = [];

    /// <summary>Looks at a mixture.</summary>
    /// <param name="parameters">Theta after a fit.</param>
    /// <param name="counts">[K]: the effective counts, in points.</param>
    /// <param name="points">N.</param>
    /// <param name="ridge">The part of the variances that is regularization.</param>
    /// <param name="pooledVariances">[D]: the variances of all points; null to take those of the mixture.</param>
    /// <param name="precision">The precision of the points.</param>
    /// <param name="wording">The words for columns and options.</param>
    public Doubts(
        Parameters parameters, double[] counts, double points, Ridge ridge, double[]? pooledVariances, Precision precision, Wording wording)
    {
        (_parameters, _counts, _points, _ridge, _precision, _wording) = (parameters, counts, points, ridge, precision, wording);
        _explained = new bool[parameters.Dimension];
        _mean = new double[parameters.Dimension];
        for (var k = 0; k < parameters.Components; k++)
        {
            for (var j = 0; j < _mean.Length; j++) _mean[j] += parameters.Weights[k] * parameters.Mean(k)[j];
        }
        _variances = pooledVariances ?? Variances();
    }

    private int D => _parameters.Dimension;

    private Family Family => _parameters.Family;

    private bool IsLost(int k) => _counts[k] < FewestPoints;

    /// <summary>Lists the doubts, those about the data first.</summary>
    public List<FitWarning> List()
    {
        LostPoints();
        SayEqual();
        ConstantColumns();
        DeterminedColumns();
        for (var k = 0; k < (_parameters.IsShared ? 1 : _parameters.Components); k++)
        {
            if (_parameters.IsShared || !IsLost(k)) Look(k);
        }
        for (var k = 0; k < _counts.Length && _parameters.IsShared; k++)
        {
            if (!IsLost(k) && _counts[k] < OnePoint) IsOutlier(k);
        }
        Say();
        return _warnings;
    }

    private void Add(FitWarningKind kind, IEnumerable<int> components, IEnumerable<int> columns, string message)
    {
        var isOfAll = _parameters.IsShared && kind is not (FitWarningKind.NoPoints or FitWarningKind.EqualComponents or FitWarningKind.Outlier);
        int[] named = isOfAll ? [] : [.. components.Distinct().Order()];
        _warnings.Add(new FitWarning(kind, named, [.. columns.Distinct().Order()], message));
    }

    // Of the mixture, which are those of the points after an M-step; an average over the columns tells none of them.
    private double[] Variances()
    {
        var variances = new double[D];
        if (Family.IsAverage)
        {
            variances.AsSpan().Fill(double.PositiveInfinity);
            return variances;
        }
        for (var k = 0; k < _parameters.Components; k++)
        {
            for (var j = 0; j < D; j++)
            {
                var away = _parameters.Mean(k)[j] - _mean[j];
                var matrix = _parameters.MatrixOf(k);
                var own = Singularity.IsFlat(_parameters, matrix, j, _ridge) ? 0 : _parameters.Variance(matrix, j) - _ridge.Columns[j];
                variances[j] += _parameters.Weights[k] * (own + away * away);
            }
        }
        for (var j = 0; j < D; j++) variances[j] = Rounding.Remove(variances[j], _mean[j], 0);
        return variances;
    }

    private void LostPoints()
    {
        int[] lost = [.. Enumerable.Range(0, _counts.Length).Where(IsLost)];
        if (lost.Length == 0) return;
        var counts = Wording.List([.. lost.Select(k => Wording.Text($"{_counts[k]:g3}"))]);
        Add(FitWarningKind.NoPoints, lost, [], lost.Length == 1
            ? $"{Wording.Components(lost)} has lost its points: its effective count is {counts}; it describes nothing in these data"
            : $"{Wording.Components(lost)} have lost their points: their effective counts are {counts}; they describe nothing in these data");
    }

    private void ConstantColumns()
    {
        int[] constant = [.. Enumerable.Range(0, D).Where(j => _variances[j] == 0)];
        if (constant.Length == 0) return;

        // Of one point every column is constant, and that is no matter of columns.
        if (_points == 1) return;
        foreach (var j in constant) _explained[j] = true;
        var digits = constant.Select(j => _precision.LostDigits(_mean[j])).FirstOrDefault(text => text is not null);
        var lost = digits is null ? "" : $"; if it should vary, it has no digits left for its spread: {digits}";
        Add(FitWarningKind.ConstantColumn, [], constant, (constant.Length == 1
            ? $"{_wording.Column(constant[0])} is constant, {Wording.Number(_mean[constant[0]])} in every point: it tells nothing apart; leave it out"
            : $"{Wording.List([.. constant.Select(j => $"{_wording.Token(j)} = {Wording.Number(_mean[j])}")])}{_wording.Counting} are constant in every point: "
                + "they tell nothing apart; leave them out") + lost);
    }

    private void DeterminedColumns()
    {
        if (!Family.HasOffDiagonal || _points <= D - _explained.Count(true)) return;
        var total = Total();
        if (D > Small && !HasSmallPivot(total)) return;
        var relations = LinearRelations.Find(total, D, Formula.Tolerance).Where(HoldsWithinComponents).ToList();
        if (relations.Count == 0) return;
        foreach (var relation in relations) _explained[relation.Column] = true;
        var columns = Wording.List([.. relations.Select(relation => _wording.Token(relation.Column))]);
        Add(FitWarningKind.DeterminedColumn, [], relations.Select(relation => relation.Column),
            $"columns follow from others in every point: {Formula.List(relations, [_mean], total, _wording)}; "
                + $"a covariance has no variance of its own there; leave out {columns}");
    }

    // Points that are very far from all others lie on a line with them. Then it is no relation of the columns within components.
    private bool HoldsWithinComponents(LinearRelation relation)
    {
        for (var k = 0; k < (_parameters.IsShared ? 1 : _parameters.Components); k++)
        {
            var matrix = _parameters.MatrixOf(k);
            if ((!_parameters.IsShared && IsLost(k)) || Singularity.IsFlat(_parameters, matrix, relation.Column, _ridge)) continue;
            var own = Singularity.Own(_parameters, matrix, _ridge);
            if (relation.ResidualOf(own, D) > LargestResidual * own[relation.Column * (D + 1)]) return false;
        }
        return true;
    }

    // The covariance of all points: within components without regularization, and between them.
    private double[] Total()
    {
        var total = new double[D * D];
        var away = new double[D];
        for (var k = 0; k < _parameters.Components; k++)
        {
            var own = Singularity.Own(_parameters, _parameters.MatrixOf(k), _ridge);
            for (var j = 0; j < D; j++) away[j] = _parameters.Mean(k)[j] - _mean[j];
            for (var i = 0; i < D; i++)
            {
                for (var j = 0; j < D; j++) total[i * D + j] += _parameters.Weights[k] * (own[i * D + j] + away[i] * away[j]);
            }
        }
        for (var i = 0; i < D; i++)
        {
            if (!_explained[i]) continue;
            for (var j = 0; j < D; j++) total[i * D + j] = total[j * D + i] = 0;
        }
        return total;
    }

    private static bool HasSmallPivot(double[] covariance)
    {
        var d = (int)Math.Sqrt(covariance.Length);
        double[] scaled = [.. covariance];
        double[] roots = [.. Enumerable.Range(0, d).Select(j => covariance[j * (d + 1)] > 0 ? Math.Sqrt(covariance[j * (d + 1)]) : 1)];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++) scaled[i * d + j] /= roots[i] * roots[j];
            scaled[i * (d + 1)] = 1;
        }
        if (!Cholesky.TryFactor(scaled, d, out _, out _)) return true;
        for (var j = 0; j < d; j++)
        {
            var pivot = scaled[j * (d + 1)];
            if (pivot * pivot < 10 * Formula.Tolerance) return true;
        }
        return false;
    }

    // Finds the first cause that explains one matrix.
    private void Look(int k)
    {
        var matrix = _parameters.MatrixOf(k);
        int[] columns = [.. Enumerable.Range(0, D).Where(j => !_explained[j])];
        var points = _parameters.IsShared ? _points - _parameters.Components + 1 : _counts[k];
        int[] flat = _ridge.IsZero ? [] : [.. columns.Where(j => Singularity.IsFlat(_parameters, matrix, j, _ridge))];
        var isFlat = columns.Length > 0 && flat.Length == columns.Length;
        if (IsFew(points, columns.Length) && !(isFlat && points > 1.5))
        {
            if (_parameters.IsShared || !IsOutlier(k)) _few.Add(k);
            return;
        }
        if (flat.Length > 0) _repeated.Add((k, flat));
        if (isFlat) return;
        columns = [.. columns.Except(flat)];
        var held = _held.Count;
        foreach (var j in columns)
        {
            var share = _ridge.Of(Family, j) / _parameters.Variance(matrix, j);
            if (share > LargeShare) _held.Add((k, j, share));
            if (Family.IsAverage) break;
        }
        if (Family.HasOffDiagonal && columns.Length > 1) LookAtDirections(k, columns, isHeld: _held.Count > held);
    }

    // The variances that the other columns leave are the reciprocals of the diagonal of the inverse.
    private void LookAtDirections(int k, int[] columns, bool isHeld)
    {
        var matrix = _parameters.MatrixOf(k);
        var n = columns.Length;
        var full = new double[D * D];
        Family.Expand(_parameters.CovarianceOf(matrix), full);
        var part = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) part[i * n + j] = full[columns[i] * D + columns[j]];
        }
        var factor = part.AsSpan().ToArray();
        var (worst, most, inflation) = (-1, 0.0, double.PositiveInfinity);
        var share = double.PositiveInfinity;
        if (Cholesky.TryFactor(factor, n, out var pivot, out _))
        {
            Cholesky.InvertLower(factor, n);
            (share, inflation) = (0, 0);
            for (var j = 0; j < n; j++)
            {
                double inverse = 0;
                for (var i = j; i < n; i++) inverse += factor[i * n + j] * factor[i * n + j];
                share = Math.Max(share, _ridge.Of(Family, columns[j]) * inverse);
                inflation = Math.Max(inflation, part[j * (n + 1)] * inverse);
                var here = _ridge.IsZero ? part[j * (n + 1)] * inverse : _ridge.Of(Family, columns[j]) * inverse;
                if (here > most) (worst, most) = (columns[j], here);
            }
        }
        else
        {
            worst = columns[pivot];
        }
        if (share <= LargeShare && inflation < 1 / Formula.Tolerance) return;
        for (var j = 0; j < n; j++) part[j * (n + 1)] -= _ridge.Of(Family, columns[j]);
        var relations = LinearRelations.Find(part, n, Formula.Tolerance).Select(relation => relation with
        {
            Column = columns[relation.Column],
            Others = [.. relation.Others.Select(other => columns[other])],
        }).ToList();
        if (relations.Count > 0) _related.Add((k, relations));
        else if (share > LargeShare && !isHeld) _heldBesideOthers.Add((k, worst, Math.Min(1, share)));
        else if (inflation > WorstInflation) _inflated.Add((k, worst, inflation));
    }

    private bool IsFew(double points, int columns) => Family.HasOffDiagonal ? points < columns + 0.5 : points < OnePoint && !_parameters.IsShared;

    // Adds the warning where the few points of a component are far from all others.
    private bool IsOutlier(int k)
    {
        if (_counts[k] > Math.Max(OnePoint, FewOfAll * _points) || _parameters.Weights[k] >= 1) return false;
        var rest = 1 - _parameters.Weights[k];
        var (worst, most, value) = (-1, Far, 0.0);
        for (var j = 0; j < D; j++)
        {
            var mean = (_mean[j] - _parameters.Weights[k] * _parameters.Mean(k)[j]) / rest;
            double variance = 0;
            for (var other = 0; other < _counts.Length; other++)
            {
                if (other == k) continue;
                var away = _parameters.Mean(other)[j] - mean;
                var own = Family.IsAverage || !Singularity.IsFlat(_parameters, _parameters.MatrixOf(other), j, _ridge)
                    ? _parameters.Variance(_parameters.MatrixOf(other), j) : 0;
                variance += _parameters.Weights[other] / rest * (own + away * away);
            }
            var distance = Math.Abs(_parameters.Mean(k)[j] - mean) / Math.Sqrt(variance);

            // The mean of a far point and an ordinary one is where no point is.
            var isTogether = _parameters.IsShared || _counts[k] < OnePoint
                || Math.Sqrt(_parameters.Variance(k, j)) < SmallSpread * Math.Abs(_parameters.Mean(k)[j] - mean);
            if (isTogether && distance > most) (worst, most, value) = (j, distance, _parameters.Mean(k)[j]);
        }
        if (worst < 0) return false;
        var far = double.IsInfinity(most) ? "where no other point is" : Wording.Text($"{most:g3} standard deviations of the others from their mean");
        Add(FitWarningKind.Outlier, [k], [worst],
            Wording.Text($"component {k} is an outlier: it holds {Wording.Points(_counts[k])} with {_wording.Token(worst)} = {Wording.Number(value)}, {far}; ")
                + "leave such points out, or use fewer components");
        return true;
    }
}

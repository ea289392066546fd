using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <content>Says in words what was found about single components.</content>
internal sealed partial class Doubts
{
    private const int MostColumns = 4;

    private void Say()
    {
        if (_few.Count > 0) SayFew();
        if (_repeated.Count > 0) SayRepeated();
        if (_related.Count > 0) SayRelated();
        if (_held.Count > 0)
        {
            var names = Family.IsAverage ? "the variance" : $"the variance of {Columns([.. _held.Select(held => held.Column).Distinct().Order()])}";
            Add(FitWarningKind.HeldByRegularization, _held.Select(held => held.Component), Family.IsAverage ? [] : _held.Select(held => held.Column),
                $"regularization makes up {Shares(_held)} of {names} {In(_held)}: standard deviations come out too large; use a smaller "
                    + $"{_wording.Regularization}, or look for nearly equal points");
        }
        if (_heldBesideOthers.Count > 0)
        {
            Add(FitWarningKind.HeldByRegularization, _heldBesideOthers.Select(held => held.Component), _heldBesideOthers.Select(held => held.Column),
                $"regularization makes up {Shares(_heldBesideOthers)} of what the other columns leave of the variance of "
                    + $"{Columns([.. _heldBesideOthers.Select(held => held.Column).Distinct().Order()])} {In(_heldBesideOthers)}: "
                    + "the points nearly lie on a line or plane");
        }
        if (_inflated.Count > 0)
        {
            Add(FitWarningKind.IllConditioned, _inflated.Select(one => one.Component), _inflated.Select(one => one.Column),
                Wording.Text($"{Columns([.. _inflated.Select(one => one.Column).Distinct().Order()])} nearly follows from the other columns {In(_inflated)}: ")
                    + Wording.Text($"they leave 1/{_inflated.Max(one => one.Inflation):g2} of a variance, and the density has few correct digits"));
        }
    }

    private void SayEqual()
    {
        var groups = EqualComponents.Groups(_parameters, [.. Enumerable.Range(0, _counts.Length).Where(k => !IsLost(k))]);
        if (groups.Count == 0) return;
        Add(FitWarningKind.EqualComponents, groups.SelectMany(group => group), [],
            $"{string.Join("; ", groups.Select(group => $"{Wording.Components(group)} are equal"))}: no step of EM tells equal components apart, so they stand "
                + "for one; use fewer components, or another start");
    }

    private void SayFew()
    {
        var needed = Family.HasOffDiagonal ? _explained.Count(false) + 1 : 2;
        var need = Family.HasOffDiagonal
            ? Wording.Text($"a {Family.Name} covariance of {needed - 1} dimension{(needed == 2 ? "" : "s")} needs at least {needed}")
            : "a variance needs at least 2";
        if (_parameters.IsShared)
        {
            Add(FitWarningKind.FewPoints, [], [],
                Wording.Text($"{Wording.Points(_points)} are too few for {_counts.Length} mean{(_counts.Length == 1 ? "" : "s")} and the shared covariance: ")
                    + "only regularization gives it a variance in every direction");
            return;
        }
        var counts = Wording.List([.. _few.Select(k => Wording.Text($"{_counts[k]:0.###}"))]);
        var isOne = _few.Count == 1;
        Add(FitWarningKind.FewPoints, _few, [],
            $"{Wording.Components(_few)} {(isOne ? "has" : "have")} {counts} point{(isOne && _counts[_few[0]] == 1 ? "" : "s")}, and {need}: "
                + $"only regularization gives {(isOne ? "it" : "them")} a variance in every direction");
    }

    private void SayRepeated()
    {
        var texts = _repeated.Select(one =>
        {
            var mean = _parameters.Mean(one.Component).ToArray();
            var isEverything = one.Columns.Length == _explained.Count(false) && !_parameters.IsShared;
            var hasValues = !_parameters.IsShared || _parameters.Components == 1;
            var shown = one.Columns.Take(MostColumns).Select(j => hasValues ? $"{_wording.Token(j)} = {Wording.Number(mean[j])}" : _wording.Token(j));
            var more = one.Columns.Length > MostColumns ? Wording.Text($" and {one.Columns.Length - MostColumns} more") : "";
            var values = string.Join(", ", shown) + more;
            if (_parameters.IsShared) return $"within components {values} does not vary";
            var points = Wording.Text($"{_counts[one.Component]:0.###}");
            return isEverything
                ? Wording.Text($"component {one.Component} sits on {points} equal points, {values}")
                : Wording.Text($"component {one.Component} has {values} in all its {points} points");
        }).ToArray();
        Add(FitWarningKind.RepeatedValues, _repeated.Select(one => one.Component), _repeated.SelectMany(one => one.Columns),
            $"repeated values: {Wording.List(texts)}{_wording.Counting}; the variance there is all regularization");
    }

    private void SayRelated()
    {
        var texts = _related.Select(one =>
        {
            var own = Singularity.Own(_parameters, _parameters.MatrixOf(one.Component), _ridge);
            var members = Enumerable.Range(0, _counts.Length).Where(k => _parameters.IsShared || k == one.Component);
            double[][] means = [.. members.Select(k => _parameters.Mean(k).ToArray())];
            return $"{Formula.List(one.Relations, means, own, _wording)} in {(_parameters.IsShared ? "every component" : $"component {one.Component}")}";
        }).ToArray();
        Add(FitWarningKind.DeterminedColumn, _related.Select(one => one.Component), _related.SelectMany(one => one.Relations).Select(relation => relation.Column),
            $"columns follow from others within a component: {Wording.List(texts)}; a covariance has no variance of its own there");
    }

    private string Columns(int[] columns) =>
        columns.Length == 1 ? _wording.Column(columns[0]) : Wording.List([.. columns.Select(_wording.Token)]) + _wording.Counting;

    private string In(List<(int Component, int Column, double Number)> found) =>
        _parameters.IsShared ? "in the shared covariance" : $"in {Wording.Components([.. found.Select(one => one.Component).Distinct().Order()])}";

    private static string Shares(List<(int Component, int Column, double Number)> found)
    {
        var (least, most) = (Percent(found.Min(one => one.Number)), Percent(found.Max(one => one.Number)));
        return least == most ? $"{most} %" : $"{least} to {most} %";

        static string Percent(double share) => Wording.Text($"{100 * share:0.#}");
    }
}

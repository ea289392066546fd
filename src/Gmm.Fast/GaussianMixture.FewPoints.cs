using System.Numerics.Tensors;
using Gmm.Fast.Internals;
using Gmm.Fast.Scoring;

namespace Gmm.Fast;

// Scores so few points that a block of them, which is padded, takes longer than the points one by one. The bits are the same.
public sealed unsafe partial class GaussianMixture
{
    // Points times kinds of scores: each kind computes the distances of a single point anew.
    private const int FewScores = 6;

    private bool TryFew(Points points, in ScoreTargets targets)
    {
        var kinds = Count(targets.Labels) + Count(targets.LogDensities) + Count(targets.Responsibilities) + Count(targets.ComponentLogDensities) + Count(targets.Distances);
        if (points.IsSingle || points.Count * kinds > FewScores || targets.BlockTotals is not null || GapScorers is not null) return false;
        var rows = points.Doubles;

        // Errors are those of many points, which name the row.
        for (var i = 0; i < points.Count; i++)
        {
            if (!TensorPrimitives.IsFiniteAll(rows.GetRowSpan(i))) return false;
        }
        var k = ComponentCount;
        for (var i = 0; i < points.Count; i++)
        {
            var point = rows.GetRowSpan(i);
            var to = targets.From(i, k);
            if (to.Labels is not null) *to.Labels = Label(point);
            if (to.LogDensities is not null) *to.LogDensities = LogDensity(point);
            if (to.Responsibilities is not null) Responsibilities(point, new Span<double>(to.Responsibilities, k));
            if (to.ComponentLogDensities is not null) ComponentLogDensities(point, new Span<double>(to.ComponentLogDensities, k), to.IsWeighted);
            if (to.Distances is not null) MahalanobisDistances(point, new Span<double>(to.Distances, k));
        }
        EngineRecorder.Published?.Scored(points.Count);
        return true;

        static int Count(void* target) => target is null ? 0 : 1;
    }
}

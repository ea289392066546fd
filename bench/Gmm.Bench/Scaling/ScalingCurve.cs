namespace Gmm.Bench.Scaling;

/// <summary>What a curve runs along.</summary>
internal enum Size
{
    Points,
    Features,
    Components,
    Threads,
}

/// <summary>One size of the problem varied, the others held: a panel of the picture.</summary>
/// <param name="Title">What is held.</param>
/// <param name="Varied">What is varied.</param>
/// <param name="Shapes">Points, features, components.</param>
/// <param name="WithFloats">Whether floats are fitted too.</param>
internal sealed record ScalingCurve(
    string Title, Size Varied, (int Points, int Dimension, int Components)[] Shapes, bool WithFloats)
{
    private static readonly int[] s_dimensions = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];
    private static readonly int[] s_components = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    public static IReadOnlyList<ScalingCurve> All { get; } =
    [
        new("D = 3, K = 4", Size.Points, Array.ConvertAll(Steps(100, 1_000_000), points => (points, 3, 4)), WithFloats: false),
        new("D = 32, K = 32", Size.Points, Array.ConvertAll(Steps(3_000, 100_000), points => (points, 32, 32)), WithFloats: false),
        new("N = 20,000, K = 16", Size.Features, Array.ConvertAll(s_dimensions, dimension => (20_000, dimension, 16)), WithFloats: true),
        new("N = 100,000, D = 8", Size.Components, Array.ConvertAll(s_components, components => (100_000, 8, components)), WithFloats: true),
        new("N = 1,000,000, D = 8, K = 8", Size.Threads, [(1_000_000, 8, 8)], WithFloats: true),
        new("N = 100,000, D = 32, K = 32", Size.Threads, [(100_000, 32, 32)], WithFloats: true),
    ];

    public string AxisName => Varied switch
    {
        Size.Points => "Points N",
        Size.Features => "Features D",
        Size.Components => "Components K",
        _ => "Threads",
    };

    /// <summary>Numbers of threads: one and all, or the powers of two up to all.</summary>
    public IReadOnlyList<int> Threads
    {
        get
        {
            var all = Environment.ProcessorCount;
            var fewer = Varied == Size.Threads ? Enumerable.Range(0, 16).Select(power => 1 << power).Where(threads => threads < all) : [1];
            return [.. fewer.Append(all).Distinct()];
        }
    }

    /// <summary>Where a point lies along the curve: the size that is varied.</summary>
    public double X(ScalingPoint point) => Varied switch
    {
        Size.Points => point.Points,
        Size.Features => point.Dimension,
        Size.Components => point.Components,
        _ => point.Threads,
    };

    // 1, 3, 10, 30 ...
    private static int[] Steps(int from, int to)
    {
        var steps = new List<int>();
        for (var step = from; step <= to; step = step.ToString()[0] == '1' ? step * 3 : step / 3 * 10) steps.Add(step);
        return [.. steps];
    }
}

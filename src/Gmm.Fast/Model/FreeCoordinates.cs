namespace Gmm.Fast.Model;

/// <summary>
/// Maps parameters to coordinates that may take any value, in which lengths compare: [ln weights, means, matrices]. Means are in standard deviations
/// of the anchor (its inverse Cholesky factor times the deviation), matrices in <see cref="Families.Family.ToCoordinates"/>. Each coordinate has the
/// scale of the complete-data Fisher information of the anchor, its diagonal (McLachlan and Krishnan, The EM Algorithm and Extensions, section 3.9).
/// So neither units nor places of the columns matter. A component of weight 0 has the coordinates 0.
/// </summary>
internal sealed class FreeCoordinates
{
    private readonly int _free;
    private readonly double[][] _roots;
    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly double[] _mean;

    /// <summary>Makes coordinates of parameters of a shape; <see cref="Anchor"/> comes before any other use.</summary>
    public FreeCoordinates(Parameters shape)
    {
        _free = shape.Family.FreeNumbers(shape.Dimension);
        _roots = new double[shape.Matrices][];
        _means = new double[shape.Components * shape.Dimension];
        _mean = new double[shape.Dimension];
        Length = checked(shape.Components * (1 + shape.Dimension) + shape.Matrices * _free);
        _scales = new double[Length];
    }

    /// <summary>The number of coordinates.</summary>
    public int Length { get; }

    /// <summary>Sets origin and scales. Vectors from before are then in other coordinates.</summary>
    public void Anchor(Parameters anchor)
    {
        var (k, d) = (anchor.Components, anchor.Dimension);
        anchor.Means.CopyTo(_means);
        for (var component = 0; component < k; component++)
        {
            var scale = Math.Sqrt(anchor.Weights[component]);
            _scales[component] = scale;
            _scales.AsSpan(k + component * d, d).Fill(scale);
        }
        for (var matrix = 0; matrix < anchor.Matrices; matrix++)
        {
            _roots[matrix] = anchor.Family.Root(anchor.CovarianceOf(matrix), d);
            var scales = Part(_scales, matrix, k, d);
            anchor.Family.CoordinateScales(anchor.CovarianceOf(matrix), d, scales);
            if (anchor.IsShared) continue;
            foreach (ref var scale in scales) scale *= Math.Sqrt(anchor.Weights[matrix]);
        }
    }

    /// <summary>Writes the coordinates [<see cref="Length"/>] of parameters.</summary>
    public void Write(Parameters from, Span<double> coordinates)
    {
        var (k, d) = (from.Components, from.Dimension);
        coordinates.Clear();
        for (var component = 0; component < k; component++)
        {
            if (!Counts(from, component)) continue;
            coordinates[component] = Parameters.Log(from.Weights[component]);
            from.Family.Whiten(
                _roots[from.MatrixOf(component)], _means.AsSpan(component * d, d), from.Mean(component), coordinates.Slice(k + component * d, d));
        }
        for (var matrix = 0; matrix < from.Matrices; matrix++)
        {
            if (from.IsShared || Counts(from, matrix)) from.Family.ToCoordinates(from.CovarianceOf(matrix), d, Part(coordinates, matrix, k, d));
        }
        for (var i = 0; i < coordinates.Length; i++) coordinates[i] *= _scales[i];
    }

    /// <summary>Writes the parameters of coordinates, which are changed; a component of weight 0 in <paramref name="like"/> is as there.</summary>
    public void Read(Span<double> coordinates, Parameters like, Parameters into)
    {
        var (k, d) = (like.Components, like.Dimension);
        like.Theta.CopyTo(into.Theta, 0);
        for (var i = 0; i < coordinates.Length; i++) coordinates[i] = _scales[i] == 0 ? 0 : coordinates[i] / _scales[i];

        // The largest is 0, so that no exponential leaves the range; the sum of the weights is 1 again.
        var largest = double.NegativeInfinity;
        for (var component = 0; component < k; component++)
        {
            if (Counts(like, component)) largest = Math.Max(largest, coordinates[component]);
        }
        double sum = 0;
        for (var component = 0; component < k; component++)
        {
            if (!Counts(like, component)) continue;
            into.Weights[component] = Parameters.Exp(coordinates[component] - largest);
            sum += into.Weights[component];
            _means.AsSpan(component * d, d).CopyTo(_mean);
            like.Family.Color(_roots[like.MatrixOf(component)], _mean, coordinates.Slice(k + component * d, d), into.Mean(component));
        }
        for (var component = 0; component < k; component++)
        {
            if (Counts(like, component)) into.Weights[component] /= sum;
        }
        for (var matrix = 0; matrix < like.Matrices; matrix++)
        {
            if (like.IsShared || Counts(like, matrix)) like.Family.FromCoordinates(Part(coordinates, matrix, k, d), d, into.CovarianceOf(matrix));
        }
    }

    // A component that had weight 0 in the anchor has no scale.
    private bool Counts(Parameters parameters, int component) => parameters.Weights[component] > 0 && _scales[component] > 0;

    private Span<double> Part(Span<double> coordinates, int matrix, int k, int d) => coordinates.Slice(k * (1 + d) + matrix * _free, _free);
}

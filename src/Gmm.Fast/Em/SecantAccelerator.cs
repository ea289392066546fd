using System.Numerics.Tensors;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Proposes x + p from the last steps between parameters x and what is left there, f = G(x) - x, G an EM step, all in <see cref="FreeCoordinates"/>.
/// There f is the gradient of the log-likelihood a point (Lange, A gradient algorithm locally equivalent to the EM algorithm, JRSS B 57, 1995),
/// so that a p with f^T p &gt; 0 leads uphill. p is cut at a radius of trust, which grows with proposals that are taken and falls with those refused
/// (Nocedal and Wright, Numerical Optimization, chapter 4). Proposals wait as long as EM is fast by itself, and after refusals ever longer.
/// </summary>
internal abstract class SecantAccelerator : IAccelerator
{
    // EM that leaves less than this of f in one step needs no help.
    private const double SlowRate = 0.5;

    // In scaled coordinates, where 1 is about a standard deviation of all components.
    private const double FirstRadius = 0.05;
    private const double RadiusGrowth = 2;
    private const double RadiusFall = 0.25;

    // With so short a step, rounding decides which log-likelihood is larger.
    private const double ShortestStep = 1e-9;

    // Refusals in a row cost at most one pass in so many.
    private const int LongestWait = 32;

    private readonly FreeCoordinates _coordinates;
    private readonly Parameters _anchor;
    private readonly double[] _x;
    private readonly double[] _f;
    private readonly double[] _lastX;
    private readonly double[] _lastF;
    private readonly double[] _plain;
    private readonly double[] _plainTheta;
    private readonly double[] _direction;
    private readonly double[][] _steps;
    private readonly double[][] _falls;
    private bool _isAnchored;
    private bool _hasLast;
    private bool _hasPlain;
    private int _next;
    private double _radius = FirstRadius;
    private double _reach;
    private double _lastLength;
    private int _wait;
    private int _nextWait = 1;

    /// <summary>Makes an accelerator.</summary>
    /// <param name="shape">Parameters of the shape to accelerate.</param>
    /// <param name="order">The most steps that are remembered.</param>
    protected SecantAccelerator(Parameters shape, int order)
    {
        _coordinates = new FreeCoordinates(shape);
        _anchor = new Parameters(shape.Family, shape.Components, shape.Dimension);
        double[] Vector() => new double[_coordinates.Length];
        (_x, _f, _lastX, _lastF, _plain, _direction) = (Vector(), Vector(), Vector(), Vector(), Vector(), Vector());
        _plainTheta = new double[shape.Theta.Length];
        _steps = [.. Enumerable.Range(0, order).Select(_ => Vector())];
        _falls = [.. Enumerable.Range(0, order).Select(_ => Vector())];
    }

    /// <summary>The number of remembered steps.</summary>
    protected int Count { get; private set; }

    /// <summary>Whether the newest step is an EM step.</summary>
    protected bool FollowsPlainStep { get; private set; }

    /// <summary>What is left at the current parameters, f.</summary>
    protected ReadOnlySpan<double> Left => _f;

    /// <inheritdoc/>
    public bool TryPropose(Parameters current, Parameters plain, Parameters proposal)
    {
        Observe(current, plain);
        var length = Norm(_f);
        var isSlow = length > SlowRate * _lastLength;
        _lastLength = length;
        if (Count == 0 || !isSlow || length < ShortestStep) return false;
        if (_wait > 0)
        {
            _wait--;
            return false;
        }
        if (!TryDirect(_direction) || !(Dot(_f, _direction) > 0)) return false;

        // A step shorter than that of EM is no gain. The comparison is false for NaN.
        var distance = Norm(_direction);
        _reach = Math.Min(distance, _radius);
        if (!(_reach > length)) return false;
        for (var i = 0; i < _x.Length; i++) _x[i] = Math.FusedMultiplyAdd(_reach / distance, _direction[i], _x[i]);
        _coordinates.Read(_x, plain, proposal);
        return true;
    }

    /// <inheritdoc/>
    public virtual void Judge(bool isTaken)
    {
        if (isTaken)
        {
            (_radius, _nextWait) = (Math.Max(_radius, RadiusGrowth * _reach), 1);
            return;
        }
        _radius = RadiusFall * _reach;
        _wait = _nextWait;
        _nextWait = Math.Min(2 * _nextWait, LongestWait);
    }

    /// <inheritdoc/>
    public void Restart() => (_isAnchored, _hasLast, _hasPlain, Count, _next) = (false, false, false, 0, 0);

    /// <inheritdoc/>
    public virtual void Carry(StateCarrier state)
    {
        var (count, followsPlainStep) = (Count, FollowsPlainStep);
        state.Carry(ref _isAnchored);
        state.Carry<double>(_anchor.Theta);
        if (state.IsReading && _isAnchored) _coordinates.Anchor(_anchor);
        foreach (var vector in (double[][])[_lastX, _lastF, _plain, _plainTheta, .. _steps, .. _falls]) state.Carry<double>(vector);
        state.Carry(ref _hasLast);
        state.Carry(ref _hasPlain);
        state.Carry(ref _next);
        state.Carry(ref count);
        state.Carry(ref followsPlainStep);
        state.Carry(ref _radius);
        state.Carry(ref _reach);
        state.Carry(ref _lastLength);
        state.Carry(ref _wait);
        state.Carry(ref _nextWait);
        (Count, FollowsPlainStep) = (count, followsPlainStep);
    }

    /// <summary>Writes p, or returns false to take the plain step.</summary>
    /// <param name="direction">Receives p.</param>
    protected abstract bool TryDirect(Span<double> direction);

    /// <summary>Gives the change of x in a step; 0 is the newest.</summary>
    protected ReadOnlySpan<double> Step(int age) => _steps[Place(age)];

    /// <summary>Gives what that step has taken from f.</summary>
    protected ReadOnlySpan<double> Fall(int age) => _falls[Place(age)];

    /// <summary>Forgets the steps, but not the place where the next one begins.</summary>
    protected void Forget() => (Count, _next) = (0, 0);

    /// <summary>Gives a^T b, with the same bits on every machine.</summary>
    protected static unsafe double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        fixed (double* x = a, y = b) return DenseRows.Dot(x, y, a.Length);
    }

    /// <summary>Adds a multiple of a vector, with the same bits on every machine.</summary>
    protected static unsafe void AddMultiple(double factor, ReadOnlySpan<double> vector, Span<double> target)
    {
        fixed (double* from = vector, to = target) DenseRows.AddMultiple(factor, from, to, target.Length);
    }

    /// <summary>Gives the length of a vector.</summary>
    protected static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));

    private int Place(int age) => (_next - 1 - age + _steps.Length) % _steps.Length;

    private void Observe(Parameters current, Parameters plain)
    {
        if (!_isAnchored)
        {
            current.Theta.CopyTo(_anchor.Theta, 0);
            _coordinates.Anchor(_anchor);
            _isAnchored = true;
        }

        // Where the loop took the last EM step, its coordinates are those of the current parameters.
        if (_hasPlain && current.Theta.AsSpan().SequenceEqual(_plainTheta)) _plain.CopyTo(_x, 0);
        else _coordinates.Write(current, _x);
        _coordinates.Write(plain, _plain);
        plain.Theta.CopyTo(_plainTheta, 0);
        _hasPlain = true;
        TensorPrimitives.Subtract(_plain, _x, _f);
        if (_hasLast)
        {
            TensorPrimitives.Subtract(_x, _lastX, _steps[_next]);
            TensorPrimitives.Subtract(_lastF, _f, _falls[_next]);
            FollowsPlainStep = _steps[_next].AsSpan().SequenceEqual(_lastF);
            _next = (_next + 1) % _steps.Length;
            Count = Math.Min(Count + 1, _steps.Length);
        }
        _x.CopyTo(_lastX, 0);
        _f.CopyTo(_lastF, 0);
        _hasLast = true;
    }
}

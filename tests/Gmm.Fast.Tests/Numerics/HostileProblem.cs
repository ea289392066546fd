using System.Globalization;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Holds a problem that is hard in finite precision.</summary>
/// <param name="Seed">All that <see cref="HostileProblems"/> needs to make it again.</param>
/// <param name="Start">Data and initial parameters.</param>
/// <param name="Regularization">Added to every variance, in squared units of the data.</param>
/// <param name="Traits">The choices that made it.</param>
public sealed record HostileProblem(int Seed, MixtureProblem Start, double Regularization, string Traits)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: {Start}, {Traits}, regularization {Regularization:0.#e+0}");
}

/// <summary>
/// Makes hostile problems as a pure function of a seed: independent choices of the points, copies among them, columns, start and weights. Points and
/// start are made in coordinates of order 1, moved by offsets there, and scaled to the units of their columns last.
/// </summary>
internal sealed class HostileProblems
{
    // Squares of 60 deviations of 10^12 units still are doubles, and products with responsibilities of 2^-64.
    private const int ExtremeExponent = 450;
    private const int DenormalExponent = -1045;

    private readonly Random _random;
    private readonly List<string> _traits = [];
    private readonly int _n;
    private readonly int _d;
    private readonly int _k;
    private readonly string _type;

    private HostileProblems(int seed)
    {
        _random = new Random(seed);
        _type = Layout.CovarianceTypes[_random.Next(Layout.CovarianceTypes.Count)];
        _n = 1 + (int)(60 * Math.Pow(_random.NextDouble(), 2));
        _d = 1 + (int)(8 * Math.Pow(_random.NextDouble(), 2));
        _k = Math.Min(_n, 1 + (int)(6 * Math.Pow(_random.NextDouble(), 2)));
    }

    /// <summary>Anything that doubles can hold.</summary>
    public static HostileProblem Draw(int seed) => new HostileProblems(seed).Draw(seed, isMild: false);

    /// <summary>
    /// No more than a textbook in doubles can follow for many iterations: enough points for every component, columns from 10^-3 to 10^3, offsets
    /// of ten units, condition numbers to 10^3, starts near the data.
    /// </summary>
    public static HostileProblem DrawMild(int seed) => new HostileProblems(seed).Draw(seed, isMild: true);

    private HostileProblem Draw(int seed, bool isMild)
    {
        var points = isMild ? Choose(("normal", Normal), ("clusters", Clusters)) : Choose<Func<double[][]>>(
            ("normal", Normal), ("clusters", Clusters), ("Cauchy", Cauchy), ("grid", Grid), ("line", Line), ("needle", Needle));
        var data = points();
        if (!isMild)
        {
            Copy(data, Choose(("no copies", 0), ("no copies", 0), ("few copies", Math.Min(3, _n - 1)), ("half copies", _n / 2), ("one spot", _n - 2)));
            if (Choose(("", false), ("", false), ("", false), ("", false), ("constant column", true))) SetColumn(data, _random.Next(_d), 0.1);
        }
        var means = isMild ? Near(data) : Choose<Func<double[][], double[][]>>(
            ("start near", Near), ("start near", Near), ("start on points", OnPoints), ("start far", Far), ("start equal", Equal))(data);
        var offset = isMild ? 10 : Choose(("", 0.0), ("", 0), ("offsets 1e3", 1e3), ("offsets 1e9", 1e9));
        var offsets = Enumerable.Range(0, _d).Select(_ => _random.Next(2) * offset).ToArray();
        var scales = Scales(isMild);
        double[] Units(double[][] rows) => [.. rows.SelectMany(row => row.Select((x, j) => (x + offsets[j]) * scales[j]))];

        var regularization = Choose(("", 0), ("", 0), ("", isMild ? 1e-3 * Math.Pow(scales.Min(), 2) : 1e-6));
        if (scales.Min() < double.ScaleB(1, -1000)) regularization = Math.Max(regularization, Choose(("", 1e-6), ("", 0)));
        var start = new MixtureProblem(_n, _d, _k, _type, Units(data), Weights(isMild), Units(means), Covariances(isMild, scales));
        return new HostileProblem(seed, start, regularization, string.Join(", ", _traits.Where(trait => trait.Length > 0)));
    }

    private double[][] Normal() => Fill(_n, (_, _) => Z());

    private double[][] Clusters()
    {
        var separation = Power(0, 3);
        var centers = Fill(_k, (_, _) => separation * Z());
        return Fill(_n, (i, j) => centers[i % _k][j] + Z());
    }

    private double[][] Cauchy() => Fill(_n, (_, _) => Math.Clamp(Math.Tan(Math.PI * (_random.NextDouble() - 0.5)), -1e6, 1e6));

    // Many points are the same, and many as far from one mean as from another.
    private double[][] Grid() => Fill(_n, (_, _) => _random.Next(-2, 3));

    // Whole multiples of one direction: in columns of one unit or of powers of two they stay on one line to the last bit.
    private double[][] Line()
    {
        var direction = Enumerable.Range(0, _d).Select(_ => _random.Next(1, 4)).ToArray();
        var along = Enumerable.Range(0, _n).Select(_ => _random.Next(-1024, 1025) / 64.0).ToArray();
        return Fill(_n, (i, j) => along[i] * direction[j]);
    }

    private double[][] Needle()
    {
        var thin = Power(-6, 0);
        var along = Enumerable.Range(0, _n).Select(_ => Z()).ToArray();
        return Fill(_n, (i, _) => along[i] + thin * Z());
    }

    private void Copy(double[][] data, int copies)
    {
        for (var i = 0; i < copies; i++) data[^(1 + i)] = [.. data[0]];
    }

    private static void SetColumn(double[][] rows, int column, double value)
    {
        foreach (var row in rows) row[column] = value;
    }

    private double[][] OnPoints(double[][] data) => [.. Enumerable.Range(0, _k).Select(_ => data[_random.Next(_n)].ToArray())];

    private double[][] Near(double[][] data) => [.. OnPoints(data).Select(mean => mean.Select(x => x + 0.5 * Z()).ToArray())];

    private double[][] Equal(double[][] data) => [.. Enumerable.Repeat(data[_random.Next(_n)], _k)];

    private double[][] Far(double[][] data)
    {
        var (distance, direction) = (Power(1, 12), Enumerable.Range(0, _d).Select(_ => Z()).ToArray());
        return [.. Near(data).Select(mean => mean.Select((x, j) => x + distance * direction[j]).ToArray())];
    }

    private double[] Scales(bool isMild)
    {
        var (from, to) = isMild ? (-3, 3) : (-12, 12);
        var common = Power(from, to);
        var scales = Choose<Func<int, double>>(
            ("", _ => 1), ("one unit", _ => common), ("mixed units", _ => Power(from, to)),
            ("extreme units", _ => isMild ? common : Math.ScaleB(1, ExtremeExponent * (1 - 2 * _random.Next(2)))));
        double[] chosen = [.. Enumerable.Range(0, _d).Select(scales)];
        if (!isMild && Choose(("", 0), ("", 0), ("", 0), ("", 0), ("", 0), ("", 0), ("", 0), ("denormal column", 1)) == 1)
            chosen[_random.Next(_d)] = Math.ScaleB(1, DenormalExponent);

        // Powers of two leave the digits as they are.
        return _random.Next(2) == 0 ? chosen : Array.ConvertAll(chosen, scale => Math.ScaleB(1, Math.ILogB(scale)));
    }

    private double[] Weights(bool isMild)
    {
        var weights = Enumerable.Range(0, _k).Select(_ => isMild ? 1 : 0.1 + _random.NextDouble()).ToArray();
        var last = isMild || _k == 1 ? 1 : Choose(("", 1.0), ("", 1), ("", 1), ("weight 1e-10", 1e-10), ("weight 1e-320", 1e-320), ("weight 0", 0));
        var total = last < 1 ? weights[..^1].Sum() : weights.Sum();
        weights = [.. weights.Select(w => w / total * (last < 1 ? 1 - last : 1))];
        if (last < 1) weights[^1] = last;
        return weights;
    }

    private double[] Covariances(bool isMild, double[] scales)
    {
        var size = isMild ? 1 : Choose(("", 1.0), ("", 1), ("start wide", Power(1, 6)), ("start narrow", Power(-6, -1)));
        var range = isMild ? Power(0, 3) : Choose(("", 1.0), ("start of condition to 1e12", Power(0, 12)));
        var units = Array.ConvertAll(scales, scale => scale > double.ScaleB(1, -500) ? scale : 1);
        if (Layout.IsSpherical(_type)) Array.Fill(units, units.Max());
        return Layout.Compact(_type, [.. Enumerable.Range(0, _k).Select(_ =>
        {
            var matrix = SpdMatrix.Build(_random, _d, range);
            if (!Layout.HasOffDiagonal(_type)) matrix = [.. matrix.Select((_, i) => i % (_d + 1) == 0 ? Power(-Math.Log10(range), 0) : 0)];
            return Fill(_d, (i, j) => size * matrix[i * _d + j] * units[i] * units[j]);
        })]);
    }

    private T Choose<T>(params (string Trait, T Value)[] options)
    {
        var (trait, value) = options[_random.Next(options.Length)];
        _traits.Add(trait);
        return value;
    }

    private double Z() => SpdMatrix.StandardNormal(_random);

    // 10 to an even power between two.
    private double Power(double from, double to) => Math.Pow(10, from + (to - from) * _random.NextDouble());

    private double[][] Fill(int rows, Func<int, int, double> entry) =>
        [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, _d).Select(j => entry(i, j)).ToArray())];
}

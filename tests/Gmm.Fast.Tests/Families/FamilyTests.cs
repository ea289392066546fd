using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Gmm.Fast.Families;
using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Families;

/// <summary>
/// What every row of the table promises, on drawn matrices of its own kind. A full matrix is known by the tests of linear algebra, and so is what
/// <see cref="Full"/> makes of it: a family that does the same without a matrix must come to the same numbers.
/// </summary>
public class FamilyTests
{
    private const double Rounding = 1e-12;

    private static readonly Full s_full = new();

    [Fact]
    public void TheTableHasEveryTypeOnceInItsOrder()
    {
        Assert.Equal(Enum.GetValues<CovarianceType>(), FamilyTable.All.ToArray().Select(family => family.Type));
        Assert.Equal(Layout.CovarianceTypes, FamilyTable.All.ToArray().Select(family => family.Name));
        foreach (var family in FamilyTable.All) Assert.Same(family, FamilyTable.Of(family.Type));
    }

    [Fact]
    public void ATypeThatIsInNoRowIsRefusedWithItsValueAndThoseThatAre()
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => FamilyTable.Of((CovarianceType)9));
        Assert.Equal("covarianceType", refusal.ParamName);
        Assert.StartsWith("covarianceType is 9; Full, Tied, Diagonal, Spherical, TiedDiagonal or TiedSpherical is required", refusal.Message);
    }

    [Fact]
    public void EveryFamilyHasAFileOfItsOwnAndNoneIsMissingInTheTable()
    {
        var kinds = typeof(Family).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Family)) && !type.IsAbstract);
        Assert.Equal(kinds.Select(type => type.Name).Order(), FamilyTable.All.ToArray().Select(family => family.GetType().Name).Order());
        foreach (var family in FamilyTable.All)
        {
            var name = family.GetType().Name;
            Assert.Equal($"{family.Type}", name);
            var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Gmm.Fast", "Families", $"{name}.cs"));
            Assert.Equal(name, Assert.Single(Regex.Matches(source, @"^[^/\n]*\bclass (\w+)", RegexOptions.Multiline)).Groups[1].Value);
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void WhatTheTestsSayOfATypeIsTrueOfItsFamily(string type)
    {
        var family = Of(type);
        Assert.Equal((Layout.IsShared(type), Layout.HasOffDiagonal(type)), (family.IsShared, family.HasOffDiagonal));
        Assert.Equal(Layout.IsSpherical(type), family.MatrixShape(7).Length == 0);
        foreach (var (k, d) in ((int, int)[])[(1, 1), (1, 4), (3, 1), (3, 4), (5, 2)])
        {
            var length = Layout.CompactLength(type, k, d);
            Assert.Equal(length, family.Matrices(k) * family.MatrixLength(d));
            Assert.Equal(length, family.Shape(k, d).Aggregate(1, (product, side) => product * side));
            Assert.Equal(family.Matrices(k) * family.FreeNumbers(d), family.FreeParameters(k, d));
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void ExpandThenProjectGivesTheMatrixBack(string type) => ForMatrices(type, (family, d, matrix, _) =>
    {
        var full = Expand(family, d, matrix);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) Assert.Equal(Layout.Entry(type, d, matrix, 0, i, j), full[i * d + j]);
            Assert.Equal(full[i * d + i], family.Variance(matrix, d, i));
        }

        // An average of equal variances rounds.
        Close(matrix, Project(family, d, full), Layout.IsSpherical(type) ? 1e-15 : 0);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void ProjectKeepsTheDiagonalOrItsMean(string type) => ForMatrices(type, (family, d, _, random) =>
    {
        var full = SpdMatrix.Build(random, d, condition: 100);
        double[] diagonal = [.. Enumerable.Range(0, d).Select(j => full[j * d + j])];
        double[] expected = Layout.IsSpherical(type) ? [.. diagonal.Select(_ => diagonal.Average())] : diagonal;
        var actual = Expand(family, d, Project(family, d, full));
        Close(expected, [.. Enumerable.Range(0, d).Select(j => actual[j * d + j])], 1e-15);
        if (Layout.HasOffDiagonal(type)) Measures.SameBits(full, actual);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheFactorHasTheDeterminantOfTheFullMatrix(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        var factor = new double[family.Form.FactorLength(d)];
        Assert.True(family.TryFactor(matrix, d, factor, MatrixTeam.Alone, out var logDeterminant, out _, out _));
        var whole = new double[s_full.Form.FactorLength(d)];
        Assert.True(s_full.TryFactor(Expand(family, d, matrix), d, whole, MatrixTeam.Alone, out var expected, out _, out _));
        Assert.Equal(expected, logDeterminant, Rounding * d * (1 + Math.Abs(expected)));

        // A dimension without variance is named; a sphere has one variance, and its pivot is the first.
        foreach (var wrong in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            var j = random.Next(d);
            var (at, named) = Layout.IsSpherical(type) ? (0, 0) : (family.HasOffDiagonal ? j * d + j : j, j);
            double[] singular = [.. matrix];
            for (var i = 0; i < d && family.HasOffDiagonal; i++) singular[i * d + j] = singular[j * d + i] = 0;
            singular[at] = wrong;
            Assert.False(family.TryFactor(singular, d, factor, MatrixTeam.Alone, out _, out var pivot, out var value));
            Assert.Equal((named, wrong), (pivot, value));
        }
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheSpectrumIsThatOfTheFullMatrix(string type) => ForMatrices(type, (family, d, matrix, _) =>
    {
        var expected = s_full.Spectrum(Expand(family, d, matrix), d);
        var actual = family.Spectrum(matrix, d);
        Assert.Equal(expected.Smallest, actual.Smallest, 1e-10 * expected.Smallest);
        Assert.Equal(expected.Largest, actual.Largest, Rounding * expected.Largest);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void NoDirectionIsLongerThanTheLongestAxisAndItsVarianceIsThere(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        double[] axis = new double[d], other = new double[d], full = Expand(family, d, matrix);
        var longest = family.LongestAxis(matrix, axis);
        Assert.Equal(1, axis.Sum(x => x * x), Rounding);
        Assert.Equal(longest, VarianceAlong(full, axis), Rounding * longest);
        Assert.Equal(s_full.LongestAxis(full, other), longest, Rounding * longest);
        Assert.Equal(family.Spectrum(matrix, d).Largest, longest, Rounding * longest);
        for (var round = 0; round < 5; round++) Assert.True(VarianceAlong(full, Direction(random, d)) <= longest * (1 + Rounding));
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void NarrowTakesAwayWhatTheFamilyCanTellAndKeepsTheFamily(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        var (axis, full) = (Direction(random, d), Expand(family, d, matrix));
        var variance = random.NextDouble() * family.Spectrum(matrix, d).Smallest;
        s_full.Narrow(full, axis, variance);
        double[] narrowed = [.. matrix];
        family.Narrow(narrowed, axis, variance);
        Close(Project(family, d, full), narrowed, Rounding);
        Close(narrowed, Project(family, d, Expand(family, d, narrowed)), 1e-15);
        Assert.InRange(family.Spectrum(narrowed, d).Smallest, 0, double.PositiveInfinity);

        // In every family the sum of the variances falls by what was taken.
        Assert.Equal(Trace(family, d, matrix) - variance, Trace(family, d, narrowed), Rounding * Trace(family, d, matrix));
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void RaiseIsThatOfTheFullMatrixAndDoneOnce(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        // A sphere cannot follow a floor that differs between the dimensions: its floor is the mean.
        var (smallest, largest) = family.Spectrum(matrix, d);
        var common = smallest + 1.2 * random.NextDouble() * (largest - smallest) + 0.1 * (random.NextDouble() - 0.5) * smallest;
        double[] equal = [.. Enumerable.Repeat(common, d)];
        double[] different = [.. Enumerable.Range(0, d).Select(_ => common * (0.1 + random.NextDouble()))];
        foreach (var floor in (VarianceFloor[])[new(equal), new(different)])
        {
            double[] raised = [.. matrix], full = Expand(family, d, matrix);
            family.Raise(raised, floor, MatrixTeam.Alone);
            if (Layout.IsSpherical(type)) Close([Math.Max(matrix[0], floor.MeanVariance)], raised, 0);
            if (!Layout.IsSpherical(type) || floor.Variances.SequenceEqual(equal))
            {
                s_full.Raise(full, floor, MatrixTeam.Alone);
                Close(full, Expand(family, d, raised), 1e-11);
            }
            double[] again = [.. raised];
            family.Raise(again, floor, MatrixTeam.Alone);
            Close(raised, again, 1e-11);
        }
        double[] untouched = [.. matrix];
        family.Raise(untouched, new VarianceFloor([.. Enumerable.Repeat(smallest / 2, d)]), MatrixTeam.Alone);
        Measures.SameBits(matrix, untouched);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheRootReproducesTheCovariance(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        // Unit vectors are colored to the columns of the root.
        var (root, zero, full) = (family.Root(matrix, d), new double[d], Expand(family, d, matrix));
        var columns = Enumerable.Range(0, d).Select(j => Color(zero, [.. zero.Select((_, i) => i == j ? 1.0 : 0)])).ToArray();
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
                Assert.Equal(full[i * d + j], columns.Sum(column => column[i] * column[j]), Rounding * Math.Sqrt(full[i * d + i] * full[j * d + j]));
        }
        double[] mean = [.. zero.Select(_ => 100 * SpdMatrix.StandardNormal(random))], z = [.. zero.Select(_ => SpdMatrix.StandardNormal(random))];
        var expected = mean.Select((m, i) => m + columns.Select((column, j) => column[i] * z[j]).Sum()).ToArray();
        foreach (var (x, y) in expected.Zip(Color(mean, z))) Assert.Equal(x, y, Rounding * Math.Max(1, Math.Abs(x)));

        double[] Color(double[] about, double[] normals)
        {
            var x = new double[d];
            family.Color(root, about, normals, x);
            return x;
        }
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheMarginalIsTheProjectedPartOfTheFullMatrix(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        var order = Enumerable.Range(0, d).ToArray();
        random.Shuffle(order);
        var kept = order[..random.Next(1, d + 1)];
        var full = Expand(family, d, matrix);
        double[] part = [.. kept.SelectMany(i => kept.Select(j => full[i * d + j]))], marginal = new double[family.MatrixLength(kept.Length)];
        family.Marginal(matrix, d, kept, marginal);
        Close(Project(family, kept.Length, part), marginal, 1e-15);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void CoordinatesAreAsManyAsFreeNumbersAndGiveTheMatrixBack(string type) => ForMatrices(type, (family, d, matrix, _) =>
    {
        var room = new double[family.FreeNumbers(d) + 2];
        room.AsSpan().Fill(double.NaN);
        family.ToCoordinates(matrix, d, room);
        Assert.Equal([.. Enumerable.Repeat(true, family.FreeNumbers(d)), false, false], room.Select(double.IsFinite));
        var coordinates = room[..^2];
        var back = new double[matrix.Length];
        family.FromCoordinates(coordinates, d, back);
        CloseInSpreads(family, d, matrix, back);

        // Each of them matters.
        for (var i = 0; i < coordinates.Length; i++)
        {
            double[] moved = [.. coordinates], other = new double[matrix.Length];
            moved[i] += 0.1;
            family.FromCoordinates(moved, d, other);
            Assert.NotEqual(back, other);
        }
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AnyCoordinatesGiveAPositiveDefiniteMatrix(string type) => ForMatrices(type, (family, d, matrix, random) =>
    {
        // A wider range is no less definite, but in 8 dimensions the smallest eigenvalue of some is then below the rounding of the entries.
        double[] coordinates = [.. Enumerable.Range(0, family.FreeNumbers(d)).Select(_ => 2 * random.NextDouble() - 1)];
        double[] back = new double[coordinates.Length], again = new double[matrix.Length];
        family.FromCoordinates(coordinates, d, matrix);
        Assert.True(family.TryFactor(matrix, d, new double[family.Form.FactorLength(d)], MatrixTeam.Alone, out _, out _, out _));
        var full = Expand(family, d, matrix);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++) Assert.Equal(full[i * d + j], full[j * d + i]);
        }
        family.ToCoordinates(matrix, d, back);
        family.FromCoordinates(back, d, again);
        CloseInSpreads(family, d, matrix, again);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AnMStepIsTheProjectionOfTheFullOne(string type)
    {
        // From unit spheres all types have the same responsibilities.
        var (family, compared) = (Of(type), 0);
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 4], Gen.Double[0, 3], Gen.OneOf(0.0, 0.1), Gen.Int[0, 1 << 20]).Sample((d, k, separation, added, seed) =>
        {
            var problem = Blobs.Build(seed, n: 100, d, k, "full", separation);
            double[] unit = [.. Enumerable.Range(0, d * d).Select(i => i % (d + 1) == 0 ? 1.0 : 0)];
            double[][][] spheres = [.. Enumerable.Repeat(unit.Chunk(d).ToArray(), k)];
            FitResult Step(string name) => (problem with { CovarianceType = name, Covariances = Layout.Compact(name, spheres) }).Fit(1, added);
            var (full, actual) = (Step("full"), Step(type));
            if (full.Status == FitStatus.Collapsed || full.Components.Any(component => component.EffectiveCount < d + 2)) return;
            Interlocked.Increment(ref compared);
            var shared = new double[d * d];
            for (var c = 0; c < k; c++)
            {
                var own = full.Model.Expand(c);
                for (var i = 0; i < own.Length; i++) shared[i] += full.Model.Weights[c] * own[i];
            }
            for (var c = 0; c < k; c++)
            {
                var expected = Expand(family, d, Project(family, d, Layout.IsShared(type) ? shared : full.Model.Expand(c)));
                var covariance = actual.Model.Expand(c);
                for (var i = 0; i < d; i++)
                {
                    for (var j = 0; j < d; j++)
                        Assert.Equal(expected[i * d + j], covariance[i * d + j], 1e-11 * Math.Sqrt(expected[i * d + i] * expected[j * d + j]));
                }
            }
        }, iter: 100);
        Assert.InRange(compared, 60, 100);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AModelHasTheNameTheShapeAndTheFileOfItsFamily(string type)
    {
        foreach (var (k, d) in ((int, int)[])[(1, 1), (1, 3), (4, 1), (3, 2)])
        {
            var model = Blobs.Build(seed: 9, n: 1, d, k, type).Model();
            var (family, shape) = (Of(type), model.CovarianceShape);
            Assert.Equal((type, family.IsShared, family.Type), (model.CovarianceName, model.SharesCovariance, model.CovarianceType));
            Assert.Equal(family.Shape(k, d), shape);
            Assert.Equal(model.Covariances.Length, shape.Aggregate(1, (product, side) => product * side));
            Assert.Equal(k - 1 + k * d + family.FreeParameters(k, d), model.FreeParameters);

            var json = model.ToJson();
            Measures.SameBits(model, GaussianMixture.FromJson(json));
            var root = JsonDocument.Parse(json).RootElement;
            Assert.Equal(type, root.GetProperty("covarianceType").GetString());
            var nested = root.GetProperty("covariances");
            foreach (var side in shape)
            {
                Assert.Equal(side, nested.GetArrayLength());
                nested = nested[0];
            }
            Assert.Equal(model.Covariances[0], nested.GetDouble());
        }
    }

    // Matrices of the family in 1 to 8 dimensions, with condition numbers to 1000 and variances over twelve decades.
    private static void ForMatrices(string type, Action<Family, int, double[], Random> check)
    {
        var family = Of(type);
        Gen.Select(Gen.Int[1, 8], Gen.Double[0, 3], Gen.Double[-6, 6], Gen.Int[0, 1 << 20]).Sample((d, condition, size, seed) =>
        {
            var random = new Random(seed);
            var full = SpdMatrix.Build(random, d, Math.Pow(10, condition), Math.Pow(10, size));
            check(family, d, Project(family, d, full), random);
        }, iter: 200);
    }

    private static Family Of(string type) => FamilyTable.Of(Adapters.Type(type));

    private static double[] Expand(Family family, int d, double[] matrix)
    {
        // Whatever lies there before.
        double[] full = [.. Enumerable.Repeat(double.NaN, d * d)];
        family.Expand(matrix, full);
        return full;
    }

    private static double[] Project(Family family, int d, double[] full)
    {
        var matrix = new double[family.MatrixLength(d)];
        family.Project(full, d, matrix);
        return matrix;
    }

    private static double[] Direction(Random random, int d)
    {
        double[] axis = [.. Enumerable.Range(0, d).Select(_ => SpdMatrix.StandardNormal(random))];
        var length = Math.Sqrt(axis.Sum(x => x * x));
        return [.. axis.Select(x => x / length)];
    }

    private static double VarianceAlong(double[] full, double[] axis) =>
        axis.Select((x, i) => axis.Select((y, j) => x * y * full[i * axis.Length + j]).Sum()).Sum();

    private static double Trace(Family family, int d, double[] matrix) => Enumerable.Range(0, d).Sum(j => family.Variance(matrix, d, j));

    // Relative to the largest entry.
    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var unit = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance * unit);
    }

    private static void CloseInSpreads(Family family, int d, double[] expected, double[] actual)
    {
        double[] a = Expand(family, d, expected), b = Expand(family, d, actual);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) Assert.Equal(a[i * d + j], b[i * d + j], Rounding * Math.Sqrt(a[i * d + i] * a[j * d + j]));
        }
    }
}

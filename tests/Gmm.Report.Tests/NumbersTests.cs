using System.Globalization;

namespace Gmm.Report.Tests;

/// <summary>Tables show means and deviations of any size so that four digits of a deviation can be read.</summary>
public class NumbersTests
{
    public static TheoryData<double, double> Sizes
    {
        get
        {
            var sizes = new TheoryData<double, double>();
            foreach (var mean in (double[])[0, 1.2345678901234567, 1.7e12, 1e15 + 0.5, -3e-9, 1e-150, 7e200])
                foreach (var ratio in (double[])[1e-12, 1e-6, 0.1234567, 1, 1e9]) sizes.Add(mean, ratio * (mean == 0 ? 1 : Math.Abs(mean)));
            foreach (var deviation in (double[])[1e-20, 1e-9, 9.9999e-6, 1e12, 1e15, 1e140]) sizes.Add(0.25, deviation);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void FourDigitsOfTheDeviationAreThere(double mean, double deviation)
    {
        var texts = Numbers.Row([mean, mean + 3 * deviation], deviation);
        Check(mean, texts[0]);
        Check(mean + 3 * deviation, texts[1]);
        Check(deviation, Numbers.Row([deviation, 2 * deviation], deviation)[0]);
        Check(mean, Numbers.Mean(mean, deviation));

        // To half a thousandth of a deviation, or to all that a double has, and short enough to read.
        void Check(double value, string text)
        {
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture), Math.Max(0.5001e-3 * deviation, 1e-15 * Math.Abs(value)));
            Assert.InRange(text.Length, 1, 24);
        }
    }

    [Fact]
    public void ARowHasOneNotation()
    {
        Assert.Equal(["1700021584549", "1700000080916"], Numbers.Row([1_700_021_584_548.8, 1_700_000_080_915.9], 814_919));
        Assert.Equal(["978707", "814919"], Numbers.Row([978_707.2, 814_919.1], 814_919));
        Assert.Equal(["3.000000", "-0.500000"], Numbers.Row([3, -0.5], 0.001));
        Assert.Equal(["1.234e-9", "2.000e-9"], Numbers.Row([1.234e-9, 2e-9], 1.234e-9));
        Assert.Equal(["0.500000000000", "0.500000003000"], Numbers.Row([0.5, 0.500000003], 1.234e-9));
        Assert.Equal(["1.0000e+200", "3.000e+199"], Numbers.Row([1e200, 3e199], 2e199));
        Assert.Equal(["0", "1.500e-20"], Numbers.Row([0, 1.5e-20], 1e-20));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WithoutADeviationAllDigitsAreShown(double deviation) =>
        Assert.Equal(["1700021584548.8", "0.1"], Numbers.Row([1_700_021_584_548.8, 0.1], deviation));

    [Theory]
    [InlineData(1.7e12, "1,700,000,000,000")]
    [InlineData(0.30000000000000004, "0.3")]
    [InlineData(1.2345e-20, "1.2345·10⁻²⁰")]
    [InlineData(7e200, "7·10²⁰⁰")]
    public void AnOffsetOfAnAxisIsShortAtAnyScale(double offset, string text) => Assert.Equal(text, Numbers.Offset(offset));
}

using System.Globalization;
using Gmm.Report.Figures;
using Gmm.Report.Html;
using Gmm.Report.Tests.Html;

namespace Gmm.Report.Tests;

/// <summary>Arguments that cannot be used are named where they are given.</summary>
public class ArgumentTests
{
    [Fact]
    public void NumbersOutOfRangeAreNamedTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NegativeSign = "\u2212";
            CultureInfo.CurrentCulture = other;
            var (subject, named) = (Pages.Subject(20, 2), Pages.Subject(20, 2, names: ["a", "b"]));
            Refused("corners", "corners is -3; at least 3 is required", () => Ellipse.Polygon(subject.Model, 0, 0, 1, 1, -3));
            Refused("k", "k is -3; 0 to 1 is required", () => Ellipse.Polygon(subject.Model, -3, 0, 1, 1));
            Refused("xDimension", "xDimension is 2; 0 to 1 is required", () => Ellipse.Polygon(subject.Model, 0, 2, 1, 1));
            Refused("yDimension", "yDimension is -1; 0 to 1 is required", () => Ellipse.Polygon(subject.Model, 0, 0, -1, 1));
            Refused("most", "most is -1; at least 0 is required", () => new FitView(subject).Unusual(-1));
            foreach (var one in (Subject[])[subject, named])
            {
                Refused("j", "j is 9; 0 to 1 is required", () => one.Column(9));
                Refused("j", "j is -1; 0 to 1 is required", () => one.Column(-1));
            }
            Refused("width", "width is -1; 200 to 20000 is required", () => Figure.Components(subject).SavePng(new MemoryStream(), width: -1));
            Refused("scale", "scale is -0.5; 0.25 to 8 is required", () => Figure.Components(subject).SavePng(new MemoryStream(), scale: -0.5));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static void Refused(string parameter, string message, Action action)
        {
            var e = Assert.Throws<ArgumentOutOfRangeException>(action);
            Assert.Equal((parameter, message), (e.ParamName, e.Message.Split(" (Parameter")[0]));
        }
    }

    [Fact]
    public void WhatIsNullIsNamedWhereItIsGiven()
    {
        var subject = Pages.Subject(20, 2);
        var content = new ReportContent(subject);
        Null("Subject", () => new ReportContent(null!));
        Null("Options", () => content with { Options = null! });
        Null("Warnings", () => content with { Warnings = null! });
        Null("Progress", () => content with { Progress = null! });
        Null("Responsibilities", () => content with { Responsibilities = null! });
        Null("Selection", () => content with { Selection = null! });
        Null("Extra", () => content with { Extra = null! });
        Null("Responsibilities", () => new ResponsibilitySnapshot("start", null!));
        Null("Title", () => new ResponsibilitySnapshot(null!, []));
        Null("Model", () => new ModelSnapshot("start", null!));
        Null("Title", () => new ModelSnapshot(null!, subject.Model));

        static void Null(string parameter, Func<object> make) => Assert.Equal(parameter, Assert.Throws<ArgumentNullException>(make).ParamName);
    }
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gmm.Fast;
using Gmm.Report.Html;

namespace Gmm.Report.Tests.Html;

/// <summary>Makes pages and takes them apart again.</summary>
internal static partial class Pages
{
    public static readonly string[] HostileNames = ["<script>alert(1)</script>", "</script><!--", "<b>x</b>&amp;\" onload='y'"];

    /// <summary>K components around (10 k, 10 k, ...) with unit variances.</summary>
    public static GaussianMixture Model(int components, int dimension, IReadOnlyList<string>? names = null) => new(
        CovarianceType.Spherical, dimension, [.. Enumerable.Repeat(1.0 / components, components)],
        [.. Enumerable.Range(0, components).SelectMany(k => Enumerable.Repeat(10.0 * k, dimension))], [.. Enumerable.Repeat(1.0, components)], names);

    public static double[] Sample(GaussianMixture model, int points)
    {
        var rows = new double[points * model.Dimension];
        model.Sample(1, rows);
        return rows;
    }

    public static Subject Subject(int points, int dimension, int components = 2, string name = "data.csv", IReadOnlyList<string>? names = null)
    {
        var model = Model(components, dimension, names);
        return new Subject(model, Sample(model, points), null, name);
    }

    public static Subject Fitted(double[] rows, int dimension, FitOptions options, string name = "data.csv")
    {
        var fit = MixtureFit.Fit(new Points(rows, dimension), options);
        return new Subject(fit.Model, rows, fit, name);
    }

    public static byte[] Bytes(Page page)
    {
        using var stream = new MemoryStream();
        page.Write(stream);
        return stream.ToArray();
    }

    public static string Html(Page page) => Encoding.UTF8.GetString(Bytes(page));

    public static string Html(ReportContent content) => Html(HtmlReport.Compose(content));

    public static string Html(params Block[] blocks) => Html(new Page("page").Add(new Section("section", blocks)));

    /// <summary>What a reader sees, without scripts, styles and tags.</summary>
    public static string Text(string html) => System.Net.WebUtility.HtmlDecode(Tag().Replace(Program().Replace(html, ""), " "));

    /// <summary>Everything that is written as JSON, parsed.</summary>
    public static JsonElement[] Json(string html) => [.. JsonBlock().Matches(html).Select(match => JsonDocument.Parse(match.Groups[1].Value).RootElement)];

    /// <summary>The markup without the scripts that are the same in every page.</summary>
    public static string WithoutScripts(string html) => Program().Replace(html, "");

    [GeneratedRegex("<script type=\"application/json\"[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("<(script|style)[^>]*>.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}

using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Gmm.Report.Html;

/// <summary>The page's style and scripts: ours from this assembly, plotly.js from the assembly of Plotly.NET, which carries it.</summary>
internal static class PageAssets
{
    public const string PlotlyVersion = "2.28.0";

    private static readonly Lazy<string> s_style = new(() => Own("report.css"));
    private static readonly Lazy<string> s_script = new(() => Own("figures.js") + Own("report.js"));
    private static readonly Lazy<string> s_plotly = new(() => Read(typeof(Plotly.NET.Chart).Assembly, "Plotly.NET.plotly-2.28.0.min.js"));
    private static readonly Lazy<string> s_scriptHash = new(() => Hash(Script));
    private static readonly Lazy<string> s_plotlyHash = new(() => Hash(Plotly));

    public static string Style => s_style.Value;

    public static string Script => s_script.Value;

    public static string Plotly => s_plotly.Value;

    public static string ScriptHash => s_scriptHash.Value;

    public static string PlotlyHash => s_plotlyHash.Value;

    private static string Own(string file) => Read(typeof(PageAssets).Assembly, "Gmm.Report.Html." + file);

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no resource {name}");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // A browser reads CR LF as LF before it hashes, and a checkout may have made CR LF.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Hash(string script) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
}

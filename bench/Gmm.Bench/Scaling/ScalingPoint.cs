using System.Globalization;

namespace Gmm.Bench.Scaling;

/// <summary>The time of one EM iteration and what bounds it, all in milliseconds.</summary>
/// <param name="Curve">Title of the panel.</param>
/// <param name="Points">N.</param>
/// <param name="Dimension">D.</param>
/// <param name="Components">K.</param>
/// <param name="Single">Whether the data are floats.</param>
/// <param name="Threads">Of the fit and of the peaks.</param>
/// <param name="Measured">Median.</param>
/// <param name="Arithmetic">What no iteration can be below: the operations at the peak of multiply-adds.</param>
/// <param name="Reading">The same for reading the data once.</param>
internal sealed record ScalingPoint(
    string Curve, int Points, int Dimension, int Components, bool Single, int Threads, double Measured, double Arithmetic, double Reading)
{
    /// <summary>Multiply-adds of one exponential in doubles and in floats.</summary>
    public const int OfExp = 11;

    /// <inheritdoc cref="OfExp"/>
    public const int OfSingleExp = 6;

    public static string[] Header { get; } =
    [
        "held", "points", "features", "components", "element", "threads", "ms per iteration", "arithmetic, ms", "reading, ms", "share of the bound",
    ];

    public double Bound => Math.Max(Arithmetic, Reading);

    /// <summary>D^2 multiply-adds for a pair of point and component, half for the distance and half for the moments, and an exponential.</summary>
    public static double Operations(int points, int dimension, int components, bool single) =>
        2.0 * points * components * (dimension * dimension + (single ? OfSingleExp : OfExp));

    public static ScalingPoint Parse(string[] cells) => new(
        cells[0], Whole(cells[1]), Whole(cells[2]), Whole(cells[3]), cells[4] == "float", Whole(cells[5]), Number(cells[6]), Number(cells[7]), Number(cells[8]));

    public string[] Cells() =>
    [
        Curve, $"{Points}", $"{Dimension}", $"{Components}", Single ? "float" : "double", $"{Threads}", Text(Measured), Text(Arithmetic), Text(Reading),
        (Bound / Measured).ToString("p0", CultureInfo.InvariantCulture),
    ];

    private static int Whole(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static string Text(double milliseconds) => milliseconds.ToString("g4", CultureInfo.InvariantCulture);
}

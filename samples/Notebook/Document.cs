namespace Notebook;

/// <summary>
/// Repeats, digit for digit, the known numbers that the course document prints and that were published about its pictures. This program computes
/// none of them.
/// </summary>
internal static class Document
{
    /// <summary>Ends a fit: the threshold on the rise of the total log-likelihood.</summary>
    public const double Threshold = 1e-4;

    /// <summary>Keeps a strange folder of pictures from running for ever. The document's own limit is not reached.</summary>
    public const int MaxIterations = 1000;

    public const int EarlyIterations = 12;

    public static int[] StartRows { get; } = [20, 10, 96];

    public static string[] Log { get; } = ["Iteration 0", "Iteration 5", "Iteration 10", "Iteration 15", "Iteration 20", "Iteration 22"];

    public static string[] EarlyLog { get; } = ["Iteration 0", "Iteration 5", "Iteration 10", "Iteration 11"];

    /// <summary>Has all digits of a double.</summary>
    public static string[] Weights { get; } = ["0.3007102300609823", "0.17993710074247007", "0.51935266919654721"];

    /// <summary>Has 8 decimals, without trailing zeros.</summary>
    public static string[][] Means { get; } = [["0.02138285", "4.947729"], ["4.94239235", "0.31365311"], ["1.08181125", "0.73903508"]];

    /// <summary>Has 8 decimals, as the means: the entries xx, xy, yy.</summary>
    public static string[][] Covariances { get; } =
    [
        ["0.2932614", "0.05048455", "0.35281537"], ["0.3556437", "-0.01494875", "0.66695025"], ["0.67114992", "0.33058965", "0.90429724"],
    ];

    public static string[] Answers { get; } = ["0.301", "4.942", "0.671"];

    /// <summary>Lists the log-likelihoods. The document plots them; another public copy of it prints them.</summary>
    public static string[] Trace { get; } =
    [
        "-541.316124803666", "-372.13559278659284", "-366.99356972063583", "-365.6599199288501", "-364.33486476974326", "-362.87960460172394",
        "-361.37504027778306", "-359.78422255406787", "-357.83486581694115", "-354.44294078381785", "-347.3375751378342", "-338.9500319134902",
        "-336.19269736896894", "-333.8130318590334", "-329.78761702083585", "-323.1580854903376", "-319.52041347639175", "-319.11015425168284",
        "-318.9110757513651", "-318.84375743283243", "-318.83214118372655", "-318.8309299352636", "-318.830829251483", "-318.8308214856092",
    ];

    public const int Pictures = 1328;

    public const string PicturesLastLine = "Iteration 118";

    /// <summary>Seeds the document's choice of four pictures.</summary>
    public const int PicturesSeed = 1;

    public const int PublishedIterations = 20;

    /// <summary>Gives the means of the document's pictures after 20 iterations: red, green, blue; 8 decimals.</summary>
    public static double[] PublishedMeans { get; } =
    [
        0.54860824, 0.64789051, 0.75691943, 0.4269232, 0.45963776, 0.46530014, 0.34733324, 0.38959621, 0.28831338, 0.47812035, 0.37882543, 0.33411632,
    ];

    public static double[] PublishedCovariances { get; } =
    [
        0.01916168, 0.01246942, 0.00358258, 0.01246942, 0.01028619, 0.00555783, 0.00358258, 0.00555783, 0.00606585,
        0.01008673, 0.00903642, 0.00913248, 0.00903642, 0.00965271, 0.01114966, 0.00913248, 0.01114966, 0.01532925,
        0.00776037, 0.00729637, 0.00546288, 0.00729637, 0.0098123, 0.0061564, 0.00546288, 0.0061564, 0.01001514,
        0.01728282, 0.00486226, -0.00268984, 0.00486226, 0.01913078, 0.01837771, -0.00268984, 0.01837771, 0.0355894,
    ];

    /// <summary>Follows from the published means and the mean of all pictures; not printed. Rounded so that the sum is 1.</summary>
    public static double[] DerivedWeights { get; } = [0.058033, 0.322022, 0.265206, 0.354739];

    /// <summary>Gives the mean color of the document's first picture, a sunset of 259 x 194 pixels.</summary>
    public static double[] FirstPicture { get; } = [0.4032234842076981, 0.2545700932661306, 0.29739183218564663];

    /// <summary>
    /// Gives the density of that color under each component. The densities belong to the published parameters: the document has overwritten its
    /// converged run by then. The fourth stands in a public copy only.
    /// </summary>
    public static string[] FirstPictureDensities { get; } = ["2.48112745e-07", "2.95757712e-09", "3.31459620e-01", "16.5271595911"];

    /// <summary>
    /// Limits the relative change of these densities when the published parameters move within the rounding of their last digit: the largest of
    /// 3000 random moves. The flatter a component, the larger it is.
    /// </summary>
    public static double[] FirstPictureRounding { get; } = [1.4e-4, 1.2e-3, 3.9e-5, 8e-7];

    /// <summary>Gives the responsibilities of that color. They are one iteration older than the densities.</summary>
    public static string[] FirstPictureResponsibilities { get; } = ["1.51008212e-09", "2.01550551e-10", "0.0151474517", "0.984852547"];
}

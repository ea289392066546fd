using System.Globalization;
using System.Text.Json;

namespace Gmm.TestKit;

/// <summary>
/// One folder of <c>golden/</c>: data, initial parameters, runs and their results, computed outside the tests in 50 to 65 digits.
/// Every load reads the files anew, so that a test may do with the arrays what it likes.
/// </summary>
public sealed class GoldenCase
{
    private GoldenCase(string name)
    {
        Folder = Path.Combine(Root, name);
        using var caseFile = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "case.json")));
        using var expectedFile = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")));
        var setup = caseFile.RootElement;
        var expected = expectedFile.RootElement;
        var init = setup.GetProperty("init");

        Name = name;
        N = setup.GetProperty("n").GetInt32();
        D = setup.GetProperty("d").GetInt32();
        K = setup.GetProperty("k").GetInt32();
        CovarianceType = setup.GetProperty("covariance_type").GetString()!;
        RegCovar = setup.GetProperty("reg_covar").GetDouble();
        Data = ReadCsv(setup.GetProperty("data").GetString()!);
        InitWeights = Numbers(init.GetProperty("weights"));
        InitMeans = Numbers(init.GetProperty("means"));
        InitCovariances = Numbers(init.GetProperty("covariances"));
        Tolerance = ReadTolerance(expected.GetProperty("tolerance"));
        Runs = [.. setup.GetProperty("runs").EnumerateArray().Select(run => ReadRun(run, expected.GetProperty("runs")))];

        Require(Data.Length == N * D, $"data.csv has {Data.Length} numbers; {N} x {D} are required");
        Require(InitWeights.Length == K && InitMeans.Length == K * D, "initial weights or means have the wrong shape");
        Require(InitCovariances.Length == Layout.CompactLength(CovarianceType, K, D), "initial covariances have the wrong shape");
    }

    /// <summary>The folder that holds all cases.</summary>
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "golden");

    /// <summary>The names of the 20 cases, of <c>synthetic400</c> and of <c>notebook</c>, in alphabetical order.</summary>
    public static IReadOnlyList<string> AllNames { get; } =
        [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Every run of every case, as (case name, run id): rows for xunit's <c>MemberData</c>.</summary>
    public static IEnumerable<(string Case, string Run)> AllRuns => AllNames.SelectMany(name => Load(name).Runs.Select(run => (name, run.Id)));

    /// <summary>The name of the case, which is that of its folder.</summary>
    public string Name { get; }

    /// <summary>Where the files of the case lie.</summary>
    public string Folder { get; }

    /// <summary>Rows.</summary>
    public int N { get; }

    /// <summary>Columns.</summary>
    public int D { get; }

    /// <summary>Components.</summary>
    public int K { get; }

    /// <summary>One of <see cref="Layout.CovarianceTypes"/>.</summary>
    public string CovarianceType { get; }

    /// <summary>Added to every variance in each M-step, not to the initial covariances.</summary>
    public double RegCovar { get; }

    /// <summary>N x D, flat.</summary>
    public double[] Data { get; }

    /// <summary>N x D; a copy at every call.</summary>
    public double[][] Rows => Layout.Rows(Data, D);

    /// <summary>K.</summary>
    public double[] InitWeights { get; }

    /// <summary>K x D, flat.</summary>
    public double[] InitMeans { get; }

    /// <summary>Compact (see <see cref="Layout"/>).</summary>
    public double[] InitCovariances { get; }

    /// <summary>The runs, in the order of the file.</summary>
    public IReadOnlyList<GoldenRun> Runs { get; }

    /// <summary>The largest error allowed, per measure.</summary>
    public GoldenErrors Tolerance { get; }

    /// <summary>Reads one case.</summary>
    public static GoldenCase Load(string name) => new(name);

    /// <summary>One run by its id.</summary>
    public GoldenRun Run(string id) => Runs.Single(run => run.Id == id);

    /// <summary>A further CSV file of the case: no header, numbers separated by commas.</summary>
    /// <returns>All numbers, flat.</returns>
    public double[] ReadCsv(string fileName) =>
    [
        .. File.ReadLines(Path.Combine(Folder, fileName)).Where(line => line.Length > 0)
            .SelectMany(line => line.Split(',')).Select(number => double.Parse(number, CultureInfo.InvariantCulture)),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static GoldenRun ReadRun(JsonElement run, JsonElement expectedRuns)
    {
        var id = run.GetProperty("id").GetString()!;
        var stop = run.GetProperty("stop").GetString()!;
        var threshold = stop switch
        {
            "fixed" => 0,
            "total_ll" => run.GetProperty("thresh").GetDouble(),
            "mean_ll" => run.GetProperty("tol").GetDouble(),
            _ => throw new InvalidDataException($"Run {id}: '{stop}' is no stop rule."),
        };
        return new GoldenRun(id, stop, run.GetProperty("max_iter").GetInt32(), threshold, ReadExpected(expectedRuns.GetProperty(id)));
    }

    private static GoldenExpected ReadExpected(JsonElement e) => new(
        e.GetProperty("iterations").GetInt32(),
        e.GetProperty("converged").GetBoolean(),
        e.GetProperty("mean_log_likelihood").GetDouble(),
        e.GetProperty("total_log_likelihood").GetDouble(),
        Numbers(e.GetProperty("loglik_trace")),
        Numbers(e.GetProperty("weights")),
        Numbers(e.GetProperty("means")),
        Numbers(e.GetProperty("covariances")),
        ReadSums(e.GetProperty("resp_final")),
        ReadSums(e.GetProperty("resp_last_estep")),
        e.TryGetProperty("sklearn_lower_bound", out var bound) ? bound.GetDouble() : null);

    private static ResponsibilitySums ReadSums(JsonElement e) => new(
        Numbers(e.GetProperty("sum_k")), Numbers(e.GetProperty("ramp_k")), e.GetProperty("sum_sq").GetDouble(), Numbers(e.GetProperty("first_rows")));

    private static GoldenErrors ReadTolerance(JsonElement e) => new(
        e.GetProperty("weights").GetDouble(), e.GetProperty("means").GetDouble(), e.GetProperty("covariances").GetDouble(),
        e.GetProperty("ll").GetDouble(), e.GetProperty("trace").GetDouble(), e.GetProperty("resp").GetDouble());

    // Nested arrays of any depth are read in file order, which is row-major.
    private static double[] Numbers(JsonElement e) =>
        e.ValueKind == JsonValueKind.Array ? [.. e.EnumerateArray().SelectMany(Numbers)] : [e.GetDouble()];

    private void Require(bool condition, string message)
    {
        if (!condition)
            throw new InvalidDataException($"Golden case {Name}: {message}.");
    }
}

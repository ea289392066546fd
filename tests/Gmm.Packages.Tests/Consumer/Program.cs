using System.Runtime.Intrinsics;
using Gmm.Distributed;
using Gmm.Fast;

// Fits and scores in most ways that the engine has, and prints the bits of every result. The vectors go to standard error: bits do not depend on them.
const int Count = 3000, Dimension = 3;
Console.Error.WriteLine(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);

double[] rows = Rows();
float[] singles = Array.ConvertAll(rows, value => (float)value);
foreach (var type in Enum.GetValues<CovarianceType>())
{
    var options = new FitOptions { Components = 3, CovarianceType = type, Restarts = 2, Seed = 7, MaxIterations = 50 };
    Show($"{type} of doubles", MixtureFit.Fit(new Points(rows, Dimension), options).Model);
    Show($"{type} of floats", MixtureFit.Fit(new Points(singles, Dimension), options).Model);
}

var clusters = new FitOptions { Components = 3, Start = StartMethod.KMeansPlusPlus, Acceleration = Acceleration.Anderson, DensityQuantiles = true };
var model = MixtureFit.Fit(new Points(rows, Dimension), clusters).Model;
Show("accelerated", model);
Show("read from JSON", GaussianMixture.FromJson(model.ToJson()));
Show("selected", ModelSelection.Run(new Points(rows, Dimension), new SelectionOptions { Components = [1, 2, 3] }).Fit.Model);

double[] gaps = [.. rows];
for (var i = 0; i < gaps.Length; i += 7) gaps[i] = double.NaN;
var complete = new double[gaps.Length];
var marginalized = MixtureFit.Fit(new Points(gaps, Dimension), new FitOptions { Components = 3, MissingValues = MissingValues.Marginalize }).Model;
marginalized.Impute(new Points(gaps, Dimension), complete);
Show("with gaps", marginalized);
Print("imputed", complete.AsSpan(0, 60));

var drawn = new double[30];
model.Sample(seed: 5, drawn);
Print("drawn", drawn);
Print("tail", [model.TailProbability([9, 9, 9])]);

// There is no MPI here, and the error says so.
try
{
    using var world = MpiCommunicator.World();
    Console.WriteLine($"{world.Count} process");
}
catch (MpiException)
{
    Console.WriteLine("no MPI");
}

static void Show(string name, GaussianMixture model)
{
    Print($"{name}, weights", model.Weights);
    Print($"{name}, means", model.Means);
    Print($"{name}, covariances", model.Covariances);
    double[] point = [1.5, 2.5, 0.5];
    var responsibilities = new double[model.ComponentCount];
    model.Responsibilities(point, responsibilities);
    Print($"{name}, component {model.Label(point)} of a point", [model.LogDensity(point), .. responsibilities]);
    var densities = new double[100];
    model.LogDensities(new Points(Rows().AsSpan(0, 100 * Dimension), Dimension), densities);
    Print($"{name}, densities", densities);
}

static void Print(string name, ReadOnlySpan<double> values)
{
    Console.Write(name);
    foreach (var value in values) Console.Write($" {BitConverter.DoubleToInt64Bits(value):x16}");
    Console.WriteLine();
}

// Three clusters, each coordinate a sum of four uniform numbers: no function of a library that could differ.
static double[] Rows()
{
    var rows = new double[Count * Dimension];
    var state = 12345UL;
    for (var i = 0; i < rows.Length; i++)
    {
        var sum = 0.0;
        for (var draw = 0; draw < 4; draw++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            sum += (state >> 11) * (1.0 / (1UL << 53));
        }
        rows[i] = sum + i / Dimension % 3 * (1 + i % Dimension);
    }
    return rows;
}

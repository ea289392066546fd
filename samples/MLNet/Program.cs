using Gmm.Fast;
using Gmm.MLNet;
using Microsoft.ML;
using Microsoft.ML.Data;

// The irises of Fisher in ML.NET, from a table to a model in a file: dotnet run -c Release --project samples/MLNet

// 1. Two tables: 150 flowers with four lengths each, and their species.
var context = new MLContext(seed: 1);
var table = Path.Combine(AppContext.BaseDirectory, "data", "iris.csv");
var flowers = context.Data.LoadFromTextFile(table, [new TextLoader.Column("Features", DataKind.Single, 0, 3)], ',', hasHeader: true);
var species = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "iris-species.csv")).Skip(1).ToArray();

// 2. Three ways to find three groups without a look at the species.
var trainers = context.Clustering.Trainers;
(string Name, IEstimator<ITransformer> Trainer)[] candidates =
[
    ("k-means", trainers.KMeans(numberOfClusters: 3)),
    ("mixture, diagonal", trainers.GaussianMixture(new FitOptions { Components = 3, CovarianceType = CovarianceType.Diagonal })),
    ("mixture, full", trainers.GaussianMixture(numberOfClusters: 3)),
];
Console.WriteLine($"{"",-20}{"NMI with species",18}{"flowers in a group of their species",38}");
foreach (var (name, trainer) in candidates)
{
    var found = Groups(trainer.Fit(flowers).Transform(flowers));
    Console.WriteLine($"{name,-20}{Information(found, species),18:f3}{Agreeing(found, species),38}");
}

// 3. The fit itself: what ML.NET does not know of a trainer.
var mixture = trainers.GaussianMixture(numberOfClusters: 3).Fit(flowers);
Console.WriteLine($"\n{mixture.Fit.Status} after {mixture.Fit.Iterations} iterations, BIC {mixture.Fit.Bic:f1}");
foreach (var warning in mixture.Fit.Warnings) Console.WriteLine(warning.Message);

// 4. Unusual flowers have the smallest densities.
var densities = mixture.Transform(flowers).GetColumn<float>(GaussianMixtureColumns.LogDensity).ToArray();
foreach (var (density, row) in densities.Select((density, row) => (density, row)).Order().Take(3))
    Console.WriteLine($"flower {row + 1}, {species[row]}: log-density {density:f2}");

// 5. A file of ML.NET, and the same answers from it.
var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
context.Model.Save(mixture, flowers.Schema, path);
var loaded = context.Model.Load(path, out _);
File.Delete(path);
Console.WriteLine($"\nthe model from its file gives the same groups: {Groups(loaded.Transform(flowers)).SequenceEqual(Groups(mixture.Transform(flowers)))}");
return 0;

static uint[] Groups(IDataView scored) => [.. scored.GetColumn<uint>(GaussianMixtureColumns.PredictedLabel)];

// The mutual information of groups and species, over the larger of their entropies.
static double Information(uint[] groups, string[] species)
{
    double n = groups.Length;
    double Entropy<T>(IEnumerable<T> values) => -values.GroupBy(value => value).Sum(group => group.Count() / n * Math.Log(group.Count() / n));
    return (Entropy(groups) + Entropy(species) - Entropy(groups.Zip(species))) / Math.Max(Entropy(groups), Entropy(species));
}

// A group is of the species that most of its flowers have.
static int Agreeing(uint[] groups, string[] species) =>
    groups.Zip(species).GroupBy(pair => pair.First).Sum(group => group.GroupBy(pair => pair.Second).Max(kind => kind.Count()));

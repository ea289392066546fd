using Gmm.Fast;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gmm.MLNet.Tests;

/// <summary>The trainer in pipelines of ML.NET.</summary>
public sealed class TrainerTests : IDisposable
{
    // Half the distance of neighboring floats of size 1, and what doubles differ by.
    private const double Rounding = 5.97e-8;

    private readonly MLContext _context = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-mlnet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ScoresAreThoseOfTheEngineAsFloats()
    {
        var rows = Row.Clusters(200);
        var fitted = Trainer(4).Fit(View(rows));
        Assert.Equal((FitStatus.Converged, 200L), (fitted.Fit.Status, fitted.Fit.Points));
        var scored = Read(fitted.Transform(View(rows)));
        var (model, responsibilities) = (fitted.Model, new double[4]);
        for (var i = 0; i < rows.Length; i++)
        {
            double[] point = [.. rows[i].Features.Select(x => (double)x)];
            model.Responsibilities(point, responsibilities);
            Assert.Equal(model.Label(point) + 1, (int)scored[i].PredictedLabel);
            Assert.Equal(model.LogDensity(point), scored[i].LogDensity, Rounding * Math.Abs(model.LogDensity(point)));
            for (var k = 0; k < 4; k++)
            {
                Assert.Equal(responsibilities[k], scored[i].Responsibilities[k], Rounding);
                if (responsibilities[k] > 0) Assert.Equal(-Math.Log(responsibilities[k]), scored[i].Score[k], 1e-6 * (1 - Math.Log(responsibilities[k])));
            }
            Assert.Equal(Array.IndexOf(scored[i].Score, scored[i].Score.Min()) + 1, (int)scored[i].PredictedLabel);
        }
    }

    [Fact]
    public void MetricsOfMLNetReadItsColumns()
    {
        var rows = View(Row.Clusters(400));
        var pipeline = _context.Transforms.NormalizeMeanVariance("Features").Append(Trainer(4));
        var metrics = _context.Clustering.Evaluate(pipeline.Fit(rows).Transform(rows), labelColumnName: "Label", featureColumnName: "Features");
        Assert.Equal(1, metrics.NormalizedMutualInformation, 1e-6);
        Assert.InRange(metrics.AverageDistance, 0, 1e-3);
        Assert.InRange(metrics.DaviesBouldinIndex, 0.01, 1);
    }

    [Fact]
    public void AModelThatWasSavedGivesTheSameAnswers()
    {
        var (rows, path) = (View(Row.Clusters(100)), Path.Combine(_folder, "model.zip"));
        var fitted = _context.Transforms.NormalizeMeanVariance("Features").Append(Trainer(4)).Fit(rows);
        _context.Model.Save(fitted, rows.Schema, path);
        var loaded = new MLContext().Model.Load(path, out var schema);
        Assert.Equal(rows.Schema.Count, schema.Count);
        Assert.Equivalent(Read(fitted.Transform(rows)), Read(loaded.Transform(rows)), strict: true);
        Assert.Equal(4ul, ((KeyDataViewType)loaded.GetOutputSchema(rows.Schema)["PredictedLabel"].Type).Count);
    }

    [Fact]
    public void APredictionEngineScoresSingleRows()
    {
        var rows = Row.Clusters(100);
        var fitted = Trainer(4).Fit(View(rows));
        using var engine = _context.Model.CreatePredictionEngine<Row, Scored>(fitted);
        Assert.Equivalent(Read(fitted.Transform(View(rows)))[7], engine.Predict(rows[7]), strict: true);
    }

    [Fact]
    public void TheColumnsHaveTheTypesThatAreDocumented()
    {
        var rows = View(Row.Clusters(100));
        var schema = Trainer(4).Fit(rows).Transform(rows).Schema;
        Assert.Equal(new KeyDataViewType(typeof(uint), 4), schema[GaussianMixtureColumns.PredictedLabel].Type);
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema[GaussianMixtureColumns.PredictedLabel].GetKeyValues(ref values);
        Assert.Equal(["0", "1", "2", "3"], values.DenseValues().Select(value => value.ToString()));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 4), schema[GaussianMixtureColumns.Score].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 4), schema[GaussianMixtureColumns.Responsibilities].Type);
        Assert.Equal(NumberDataViewType.Single, schema[GaussianMixtureColumns.LogDensity].Type);
    }

    [Fact]
    public void TheSchemaOfAPipelineIsKnownBeforeItIsFitted()
    {
        // MapKeyToValue asks the trainer for its schema, and would refuse a label that is no key.
        var rows = View(Row.Clusters(100));
        var pipeline = Trainer(4).Append(_context.Transforms.Conversion.MapKeyToValue("Component", GaussianMixtureColumns.PredictedLabel));
        var components = pipeline.Fit(rows).Transform(rows).GetColumn<string>("Component");
        Assert.Equal(["0", "1", "2", "3"], components.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Weight", null, "column Weight is Single; a vector of floats of a known size is required")]
    [InlineData("None", null, "there is no column None; the columns are Features, Weight, Label")]
    [InlineData("Score", null, "the column of features is Score, which a mixture adds; another name is required")]
    [InlineData("Features", "Label", "column Label is Key<UInt32>; floats are required")]
    [InlineData("Features", "Features", "column Features is Vector<Single>; floats are required")]
    public void APipelineRefusesColumnsBeforeItIsFitted(string features, string? weights, string message)
    {
        var rows = View(Row.Clusters(10));
        var pipeline = _context.Transforms.CopyColumns("Copy", "Weight").Append(_context.Clustering.Trainers.GaussianMixture(features, weights, 2));
        var shape = Assert.Throws<ArgumentException>(() => pipeline.Fit(rows)).Message;
        Assert.Equal(message.Replace("Label", "Label, Copy").Replace("column Label, Copy is", "column Label is"), shape);
    }

    [Fact]
    public void TheSchemaThatIsKnownBeforeAFitIsThatOfTheFit()
    {
        var rows = View(Row.Clusters(100));
        SchemaShape? before = null;
        var seen = new SeenSchema(shape => before = shape);
        using var fitted = _context.Transforms.CopyColumns("Copy", "Weight").Append(Trainer(4)).Append(seen).Fit(rows);
        DataViewSchema.Column[] after = [.. fitted.GetOutputSchema(rows.Schema).Where(column => !column.IsHidden)];
        foreach (var column in after)
        {
            var shape = before!.Single(candidate => candidate.Name == column.Name);
            Assert.Equal(
                (column.Name, column.Type is VectorDataViewType, column.Type is KeyDataViewType, column.Annotations.Schema.Any(note => note.Name == "KeyValues")),
                (shape.Name, shape.Kind == SchemaShape.Column.VectorKind.Vector, shape.IsKey, shape.Annotations.Any(note => note.Name == "KeyValues")));
            if (column.Type is not KeyDataViewType) Assert.Equal((column.Type as VectorDataViewType)?.ItemType ?? column.Type, shape.ItemType);
        }
        Assert.Equal(after.Length, before!.Count());
    }

    [Fact]
    public void AComponentThatCannotBeHasAFiniteDistance()
    {
        var rows = Row.Clusters(100);
        double[] means = [0, 0, 0, 12, 0, 5, 0, 15, 5, 10, 10, -20], weights = [0, 0.5, 0.25, 0.25];
        var model = new GaussianMixture(CovarianceType.Spherical, 3, weights, means, [1, 1, 1, 1]);
        var options = new FitOptions { Components = 4, CovarianceType = CovarianceType.Spherical, InitialModel = model, MaxIterations = 0 };
        using var fitted = _context.Clustering.Trainers.GaussianMixture(options).Fit(View(rows));
        var scored = Read(fitted.Transform(View(rows)));
        Assert.All(scored, row => Assert.Equal((0, float.MaxValue), (row.Responsibilities[0], row.Score[0])));
        Assert.True(double.IsFinite(_context.Clustering.Evaluate(fitted.Transform(View(rows))).AverageDistance));
    }

    [Fact]
    public void PointsBeyondAllRangeHaveFiniteDistances()
    {
        // Distances of 1e90 are no floats.
        var narrow = new GaussianMixture(CovarianceType.Spherical, 3, [0.5, 0.5], [0, 0, 0, 1, 1, 1], [1e-30, 2e-30]);
        var options = new FitOptions { Components = 2, CovarianceType = CovarianceType.Spherical, InitialModel = narrow, MaxIterations = 0, Regularization = 0 };
        using var fitted = _context.Clustering.Trainers.GaussianMixture(options).Fit(View([new Row { Features = [0, 0, 0] }, new Row { Features = [1, 1, 1] }]));
        var far = Read(fitted.Transform(View([new Row { Features = [1e30f, 1e30f, 1e30f] }])))[0];
        Assert.Equal([float.MaxValue, 0], far.Score);
        Assert.Equal(2u, far.PredictedLabel);
    }

    [Fact]
    public void ATransformerThatWasDisposedSaysSo()
    {
        var rows = View(Row.Clusters(50));
        var fitted = Trainer(2).Fit(rows);
        fitted.Dispose();
        fitted.Dispose();
        Assert.Throws<ObjectDisposedException>(() => fitted.Transform(rows));
        Assert.Throws<ObjectDisposedException>(() => fitted.GetOutputSchema(rows.Schema));
        Assert.Throws<ObjectDisposedException>(() => fitted.GetRowToRowMapper(rows.Schema));
        Assert.Throws<ObjectDisposedException>(() => _context.Model.Save(fitted, rows.Schema, new MemoryStream()));
        Assert.Equal(2, fitted.Model.ComponentCount);
    }

    [Fact]
    public void AWeightOf2IsARowThatComesTwice()
    {
        var rows = Row.Clusters(100);
        Row[] twice = [.. rows, .. rows.Where((_, i) => i % 3 == 0)];
        for (var i = 0; i < rows.Length; i += 3) rows[i].Weight = 2;
        var options = new FitOptions { Components = 4, InitialModel = Trainer(4).Fit(View(rows)).Model, MaxIterations = 1 };
        var weighted = _context.Clustering.Trainers.GaussianMixture(options, exampleWeightColumnName: "Weight").Fit(View(rows));
        var repeated = _context.Clustering.Trainers.GaussianMixture(options).Fit(View(twice));
        Assert.Equal(twice.Length, weighted.Fit.TotalWeight);
        Assert.Equal(repeated.Fit.MeanLogLikelihood, weighted.Fit.MeanLogLikelihood, 1e-6);
        for (var i = 0; i < repeated.Model.Means.Length; i++) Assert.Equal(repeated.Model.Means[i], weighted.Model.Means[i], 1e-4);
    }

    [Fact]
    public void MoreRowsThanAPieceHoldsAreFitted()
    {
        // Pieces of 2^20 numbers: a piece and a half, so that some blocks lie in both.
        var rows = Enumerable.Range(0, 524_288).Select(i => new Row { Features = [i % 2, i % 3, i % 5] });
        var points = RowPoints.Read(View(rows), "Features", null);
        Assert.Equal(524_288, points.PointCount);
        var (scratch, first) = (new float[300], (1 << 20) / 3 - 50);
        var read = points.Read(first, 100, scratch);
        for (var i = 0; i < 100; i++) Assert.Equal([(first + i) % 2, (first + i) % 3, (first + i) % 5], read.Slice(i * 3, 3).ToArray());
        var again = points.Read(first - 100, 50, scratch);
        Assert.Equal([(first - 100) % 2, (first - 100) % 3, (first - 100) % 5], again[..3].ToArray());
    }

    [Theory]
    [InlineData("None", null, "there is no column None; the columns are Features, Weight, Label")]
    [InlineData("Score", null, "the column of features is Score, which a mixture adds; another name is required")]
    [InlineData("Weight", null, "column Weight is Single; a vector of floats of a known size is required")]
    [InlineData("Features", "Label", "column Label is Key<UInt32, 0-3>; floats are required")]
    public void ColumnsThatCannotBeUsedAreNamed(string features, string? weights, string message)
    {
        var trainer = _context.Clustering.Trainers.GaussianMixture(features, weights, 2);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => trainer.Fit(View(Row.Clusters(10)))).Message);
    }

    [Theory]
    [InlineData(float.NaN, 1, "rows[3, 1] is NaN; finite values are required")]
    [InlineData(1, -1, "weights[3] is -1; a finite weight of at least 0 is required")]
    public void NumbersThatCannotBeUsedAreNamed(float feature, float weight, string message)
    {
        var rows = Row.Clusters(10);
        (rows[3].Features[1], rows[3].Weight) = (feature, weight);
        var trainer = _context.Clustering.Trainers.GaussianMixture(exampleWeightColumnName: "Weight", numberOfClusters: 2);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => trainer.Fit(View(rows))).Message);
    }

    [Fact]
    public void AColumnMayBeNamedAsAPartOfTheOnnxModel()
    {
        var rows = _context.Transforms.CopyColumns("label", "Features").Fit(View(Row.Clusters(50))).Transform(View(Row.Clusters(50)));
        using var fitted = _context.Clustering.Trainers.GaussianMixture("label", numberOfClusters: 2).Fit(rows);
        Assert.Equal(50, fitted.Transform(rows).GetColumn<uint>(GaussianMixtureColumns.PredictedLabel).Count());
    }

    [Fact]
    public void RowsWithGapsAreFittedWhereTheOptionsSaySo()
    {
        var rows = Row.Clusters(200);
        rows[3].Features[1] = float.NaN;
        var options = new FitOptions { Components = 4, MissingValues = MissingValues.Marginalize };
        using var fitted = _context.Clustering.Trainers.GaussianMixture(options).Fit(View(rows));
        Assert.Equal((200L, 1L), (fitted.Fit.Points, fitted.Fit.Gaps!.MissingValues));
        var scored = Read(fitted.Transform(View(rows)));
        Assert.Equal([3], Enumerable.Range(0, 200).Where(i => float.IsNaN(scored[i].LogDensity)));
        Assert.All(scored[3].Score, distance => Assert.True(float.IsNaN(distance)));
    }

    private GaussianMixtureTrainer Trainer(int components) => _context.Clustering.Trainers.GaussianMixture(numberOfClusters: components);

    private IDataView View(IEnumerable<Row> rows) => _context.Data.LoadFromEnumerable(rows);

    private Scored[] Read(IDataView view) => [.. _context.Data.CreateEnumerable<Scored>(view, reuseRowObject: false)];

    /// <summary>Tells the schema that a pipeline knows before it is fitted.</summary>
    private sealed class SeenSchema(Action<SchemaShape> see) : IEstimator<ITransformer>
    {
        private readonly IEstimator<ITransformer> _copy = new MLContext().Transforms.CopyColumns("Seen", "Weight");

        public ITransformer Fit(IDataView input) => _copy.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            var shape = _copy.GetOutputSchema(inputSchema);
            see(shape);
            return shape;
        }
    }
}

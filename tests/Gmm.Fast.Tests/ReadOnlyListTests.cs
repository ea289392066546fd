using System.Collections;
using System.Reflection;

namespace Gmm.Fast.Tests;

/// <summary>Lists of what is immutable, which no cast makes writable.</summary>
public class ReadOnlyListTests
{
    [Fact]
    public void NoListOfAModelOrAResultCanBeWritten()
    {
        double[] data = [.. Enumerable.Range(0, 200).SelectMany(i => (double[])[i % 2 * 9 + i % 7 * 0.1, i % 5, i % 3])];
        string[] names = ["a", "b", "c"];
        var fit = MixtureFit.Fit(new Points(data, 3), new FitOptions { Components = 2, ColumnNames = names, Order = ComponentOrder.ByWeight });
        Sealed(fit, fit.Model, fit.Model.Conditional([0]), MixtureComparison.Of(fit.Model, fit.Model, 10));
        names[0] = "x";
        Assert.Equal(["a", "b", "c"], fit.Model.ColumnNames!);
        Assert.Same(fit.Components, fit.Components);
        Assert.Same(fit.Warnings, fit.Warnings);

        int[] components = [1, 2], columns = [3];
        var warning = new FitWarning(FitWarningKind.Recovered, components, columns, "words");
        (components[0], columns[0]) = (9, 9);
        Assert.Equal([1, 2], warning.Components);
        Assert.Equal([3], warning.Columns);
        Sealed(warning, warning with { Components = components, Columns = columns });

        var twins = Enumerable.Repeat(-1.5, 20).Concat(Enumerable.Repeat(9.25, 20)).ToArray();
        var plain = new FitOptions { Components = 2, Regularization = 0, MaxIterations = 1000, Stop = StopRule.FixedCount };
        var collapsed = MixtureFit.Fit(new Points(twins, 1), plain);
        var recovered = MixtureFit.Fit(new Points(twins, 1), plain with { InitialModel = collapsed.Model, OnCollapse = CollapsePolicy.Keep });
        Assert.NotEmpty(recovered.Recoveries);
        Assert.NotEmpty(recovered.Warnings);
        Sealed([recovered, .. recovered.Warnings]);

        var gaps = new List<GapSummary>();
        data[0] = double.NaN;
        MixtureFit.Fit(new Points(data, 3), new FitOptions { Components = 1, MissingValues = MissingValues.Marginalize, GapsFound = new Sink<GapSummary>(gaps.Add) });
        var selection = ModelSelection.Run(new Points(data[3..], 3), new SelectionOptions { Components = [1, 2], CovarianceTypes = [CovarianceType.Diagonal] });
        Sealed([selection, .. gaps]);
    }

    private static void Sealed(params object[] owners)
    {
        foreach (var owner in owners)
        {
            foreach (var property in owner.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
            {
                // A new list for each call belongs to its caller.
                if (!property.PropertyType.IsGenericType || property.PropertyType.GetGenericTypeDefinition() != typeof(IReadOnlyList<>)) continue;
                if (property.GetValue(owner) is not IList list || !ReferenceEquals(list, property.GetValue(owner))) continue;
                Assert.False(list is Array, $"{owner.GetType().Name}.{property.Name} is an array");
                Assert.True(list.IsReadOnly, $"{owner.GetType().Name}.{property.Name} can be written");
            }
        }
    }

    private sealed class Sink<T>(Action<T> take) : IProgress<T>
    {
        public void Report(T value) => take(value);
    }
}

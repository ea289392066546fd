namespace Gmm.Data.Images.Clustering;

/// <summary>Counts how often each category met each component: what the fit found against what people call it.</summary>
public sealed class Contingency
{
    private readonly long[] _counts;

    private Contingency(string[] categories, int components, long[] counts, long unlabeled)
    {
        Categories = categories;
        Components = components;
        _counts = counts;
        Unlabeled = unlabeled;
        Total = counts.Sum();
    }

    /// <summary>The categories (rows), sorted (ordinal).</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>The number of components (columns), including those that no row belongs to.</summary>
    public int Components { get; }

    /// <summary>The sum of all counts.</summary>
    public long Total { get; }

    /// <summary>Rows without a category; they are in no count.</summary>
    public long Unlabeled { get; }

    /// <summary>The count of a category (an index into <see cref="Categories"/>) and a component.</summary>
    public long this[int category, int component]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(category);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(category, Categories.Count);
            ArgumentOutOfRangeException.ThrowIfNegative(component);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Components);
            return _counts[(category * Components) + component];
        }
    }

    /// <summary>Counts.</summary>
    /// <param name="categories">[N]; null where a row has none.</param>
    /// <param name="labels">[N], the component of each row, 0 to <paramref name="components"/> - 1.</param>
    /// <param name="components">K, at least 1.</param>
    public static Contingency Count(IReadOnlyList<string?> categories, ReadOnlySpan<int> labels, int components)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        if (categories.Count != labels.Length)
        {
            throw new ArgumentException(
                $"labels has {labels.Length} values; {categories.Count} are required, as many as categories has.", nameof(labels));
        }

        string[] names = [.. categories.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var counts = new long[names.Length * components];
        var unlabeled = 0L;
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)components)
            {
                throw new ArgumentException($"labels[{i}] is {labels[i]}; 0 to {components - 1} is required.", nameof(labels));
            }

            if (categories[i] is { } category)
            {
                counts[(Array.BinarySearch(names, category, StringComparer.Ordinal) * components) + labels[i]]++;
            }
            else
            {
                unlabeled++;
            }
        }

        return new Contingency(names, components, counts, unlabeled);
    }

    /// <summary>Gives the number of rows of each category.</summary>
    public long[] CategorySums()
    {
        var sums = new long[Categories.Count];
        for (var i = 0; i < _counts.Length; i++)
        {
            sums[i / Components] += _counts[i];
        }

        return sums;
    }

    /// <summary>Gives the number of rows (with a category) of each component.</summary>
    public long[] ComponentSums()
    {
        var sums = new long[Components];
        for (var i = 0; i < _counts.Length; i++)
        {
            sums[i % Components] += _counts[i];
        }

        return sums;
    }

    internal ReadOnlySpan<long> Cells => _counts;
}

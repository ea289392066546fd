namespace Gmm.Data.Images;

/// <summary>Categories by file. Made by <see cref="LabelsFile"/>.</summary>
public sealed class PictureLabels
{
    private readonly Dictionary<string, List<(string File, string Category)>> _byName = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _categories = new(StringComparer.Ordinal);

    internal PictureLabels()
    {
    }

    /// <summary>The number of files with a category.</summary>
    public int Count { get; private set; }

    /// <summary>The different categories, sorted (ordinal).</summary>
    public IReadOnlyCollection<string> Categories => _categories;

    /// <summary>
    /// Finds the category of a picture, or null. The table may name it with more folders than <paramref name="file"/> has, or with fewer: one path
    /// must be the end of the other, at a '/'. The label that agrees in most decides; when several agree in as much and differ in category, none
    /// does.
    /// </summary>
    /// <param name="file">A name or a path, usually <see cref="Picture.File"/>; upper and lower case differ.</param>
    public string? CategoryOf(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file = Normal(file);
        string? category = null;
        var agreed = 0;
        foreach (var label in _byName.GetValueOrDefault(NameOf(file)) ?? [])
        {
            var length = Agreement(label.File, file);
            if (length > agreed)
            {
                (category, agreed) = (label.Category, length);
            }
            else if (length == agreed && length > 0 && label.Category != category)
            {
                category = null;
            }
        }

        return category;
    }

    internal bool TryAdd(string file, string category, out string other)
    {
        file = Normal(file);
        var name = NameOf(file);
        if (!_byName.TryGetValue(name, out var labels))
        {
            _byName.Add(name, labels = []);
        }

        other = labels.Find(label => label.File == file).Category ?? category;
        if (other != category)
        {
            return false;
        }

        if (!labels.Contains((file, category)))
        {
            labels.Add((file, category));
            Count++;
        }

        _categories.Add(category);
        return true;
    }

    private static string Normal(string file)
    {
        file = file.Replace('\\', '/');
        return file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file;
    }

    private static string NameOf(string file) => file[(file.LastIndexOf('/') + 1)..];

    /// <summary>
    /// Gives the length of the shorter path when it is the end of the longer one, otherwise 0. The whole path beats everything else.
    /// </summary>
    private static int Agreement(string a, string b)
    {
        if (a == b)
        {
            return int.MaxValue;
        }

        var (shorter, longer) = a.Length < b.Length ? (a, b) : (b, a);
        return longer.EndsWith("/" + shorter, StringComparison.Ordinal) ? shorter.Length : 0;
    }
}

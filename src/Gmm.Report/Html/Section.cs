namespace Gmm.Report.Html;

/// <summary>A titled part of a page: blocks one below the other.</summary>
public sealed class Section
{
    private readonly List<Block> _blocks = [];

    /// <summary>A section of blocks.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="blocks">What it begins with.</param>
    public Section(string title, params ReadOnlySpan<Block> blocks)
    {
        ArgumentNullException.ThrowIfNull(title);
        Title = title;
        Add(blocks);
    }

    /// <summary>Its heading.</summary>
    public string Title { get; }

    internal IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Adds blocks at the end.</summary>
    /// <returns>This section.</returns>
    public Section Add(params ReadOnlySpan<Block> blocks)
    {
        foreach (var block in blocks)
        {
            ArgumentNullException.ThrowIfNull(block);
            _blocks.Add(block);
        }
        return this;
    }
}

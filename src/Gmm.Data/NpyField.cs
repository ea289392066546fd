namespace Gmm.Data;

/// <summary>Describes a field of a structured dtype.</summary>
/// <param name="Name">Its name; empty for padding.</param>
/// <param name="Descr">The dtype of each of its items.</param>
/// <param name="Items">The number of its items, more than 1 for a field that is an array.</param>
internal sealed record NpyField(string Name, string Descr, long Items);

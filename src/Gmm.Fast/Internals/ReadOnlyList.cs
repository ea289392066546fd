using System.Collections.ObjectModel;

namespace Gmm.Fast.Internals;

/// <summary>Makes lists that no cast makes writable: what is immutable stays so.</summary>
internal static class ReadOnlyList
{
    /// <summary>Copies items into such a list, unless they are one.</summary>
    public static ReadOnlyCollection<T> Of<T>(IEnumerable<T> items) => items as ReadOnlyCollection<T> ?? Array.AsReadOnly<T>([.. items]);
}

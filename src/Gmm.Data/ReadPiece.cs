namespace Gmm.Data;

/// <summary>
/// Holds a piece of a file that one thread reads from. A read of 256 KiB costs the processor a few times less per byte than one of a block of points,
/// and lets the system read ahead. Mapped memory would cost more, and would end the process where a file is cut off.
/// </summary>
internal sealed class ReadPiece
{
    /// <summary>The bytes of a piece; pieces begin at multiples of it.</summary>
    internal const int Size = 1 << 18;

    /// <summary>
    /// So many places have a piece: the first columns of a column-major array, which are read side by side. Others must be read without one, as columns
    /// that share a piece would take it from each other at every read.
    /// </summary>
    internal const int MostPlaces = 64;

    [ThreadStatic]
    private static ReadPiece?[]? s_pieces;

    [ThreadStatic]
    private static WeakReference<object>? s_owner;

    /// <summary>Where the piece begins in the file; -1 for none.</summary>
    internal long Start { get; set; } = -1;

    /// <summary>The bytes that are there.</summary>
    internal int Length { get; set; }

    /// <summary>[<see cref="Size"/>].</summary>
    internal byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Size);

    /// <summary>Forgets what this thread has read, so that it looks at its files again.</summary>
    internal static void Forget() => s_owner = null;

    /// <summary>Gives the piece of this thread for one of several places in a file that it reads in turns.</summary>
    /// <param name="owner">The file; another one forgets what was there.</param>
    /// <param name="place">The place, from 0 to below <see cref="MostPlaces"/>.</param>
    internal static ReadPiece Of(object owner, int place)
    {
        var pieces = s_pieces ??= new ReadPiece?[MostPlaces];
        if (s_owner is null || !s_owner.TryGetTarget(out var before) || !ReferenceEquals(before, owner))
        {
            s_owner = new WeakReference<object>(owner);
            foreach (var old in pieces)
            {
                old?.Start = -1;
            }
        }

        return pieces[place] ??= new ReadPiece();
    }
}

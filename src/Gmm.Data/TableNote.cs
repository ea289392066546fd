namespace Gmm.Data;

/// <summary>Says what a <see cref="TableNote"/> is about.</summary>
public enum TableNoteKind
{
    /// <summary>Rows or columns of the file that are not in the table, and values that are missing in it.</summary>
    LeftOut,

    /// <summary>A doubtful guess about the text, and the option that decides it.</summary>
    Guess,

    /// <summary>Something in the table that is hardly meant to be there.</summary>
    Warning,
}

/// <summary>Tells something about the way from a file to a table that its reader should know.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Message">One line; the file comes first.</param>
public sealed record TableNote(TableNoteKind Kind, string Message);

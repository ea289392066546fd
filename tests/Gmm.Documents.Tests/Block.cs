namespace Gmm.Documents.Tests;

/// <summary>Says how a block is tested, in an HTML comment directly above it that readers do not see.</summary>
/// <param name="Kind">What the comment says.</param>
/// <param name="Line">The line of the page, from 1, in which <paramref name="Text"/> begins.</param>
/// <param name="Text">The code or the reason that belongs to it.</param>
internal sealed record Note(NoteKind Kind, int Line, string Text);

/// <summary>Names the notes.</summary>
internal enum NoteKind
{
    /// <summary><c>given CODE</c>: code that runs before the block, such as data that the text speaks of.</summary>
    Given,

    /// <summary><c>setup</c>: the block comes before each later program of the page.</summary>
    Setup,

    /// <summary><c>continues</c>: the block goes on where the block of the same language before it ended.</summary>
    Continues,

    /// <summary><c>compiled only: REASON</c>: the block of C# is compiled and not run.</summary>
    CompiledOnly,

    /// <summary><c>run</c>: the commands are run, not only parsed.</summary>
    Run,

    /// <summary><c>output</c>: the block is what the one before it prints; "..." stands for any number of lines.</summary>
    Output,

    /// <summary><c>tested by NAME</c>: a class of tests of that name runs the block.</summary>
    TestedBy,

    /// <summary><c>untested: REASON</c>: nothing checks the block.</summary>
    Untested,
}

/// <summary>Holds a block of code of a page.</summary>
/// <param name="Page">The path of the page in the repository.</param>
/// <param name="Line">The line of the page, from 1, in which <paramref name="Text"/> begins.</param>
/// <param name="Language">The word behind the fence; empty for none.</param>
/// <param name="Text">Its lines, each with its end.</param>
/// <param name="Notes">The notes above it.</param>
internal sealed record Block(string Page, int Line, string Language, string Text, IReadOnlyList<Note> Notes)
{
    public string Place => $"{Page}:{Line}";

    public bool IsCSharp => Language is "csharp" or "cs";

    public bool IsLeftOut => Find(NoteKind.Untested) is not null || Find(NoteKind.TestedBy) is not null;

    public bool IsPrinted => Find(NoteKind.Output) is not null;

    public Note? Find(NoteKind kind) => Notes.FirstOrDefault(note => note.Kind == kind);
}

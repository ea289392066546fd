using System.Globalization;
using System.Text;

namespace Gmm.Cli;

/// <summary>Describes where a command reads and writes: the process's streams, or a test's.</summary>
internal sealed record StandardStreams(Stream Input, Stream Output, TextWriter Error, bool ErrorIsTerminal)
{
    /// <summary>Writes UTF-8 text to standard output.</summary>
    public void Print(string text) => Write(stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    public void Write(Action<Stream> write)
    {
        try
        {
            write(Output);
            Output.Flush();
        }
        catch (IOException e)
        {
            throw CommandFailure.Input($"standard output cannot be written: {e.Message}", e);
        }
    }

    public void Complain(string message) => Error.WriteLine($"gmm: {OneLine(message)}");

    public void Warn(string message) => Complain($"warning: {message}");

    /// <summary>Escapes every character that would break the line or act on the terminal: names come from files.</summary>
    public static string OneLine(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}")
            : rune.ToString()));
}

using System.Text.RegularExpressions;

namespace Gmm.Documents.Tests;

/// <summary>
/// Takes blocks of a shell apart without running them: bash reads them, with nothing on its path, and hands each command with its words to a handler
/// that notes it. So quotes, pipes, continued lines and comments mean what they mean.
/// </summary>
internal static partial class ShellCommands
{
    /// <summary>What is put before a command that is a path: <c>./build.sh</c>.</summary>
    public const string OfRepository = "in-repository";

    private const string Bash = "/bin/bash";
    private const char EndOfWord = '\u001f';
    private const char EndOfCommand = '\u001e';

    // The record is the name of the script.
    private const string Prelude = """
        command_not_found_handle() { printf '%s\037' "$@" $'\036' >> "$0"; }
        PATH=/nonexistent

        """;

    public static bool CanRead => File.Exists(Bash);

    /// <summary>Gives the commands of a block, each as its words.</summary>
    /// <param name="block">The block.</param>
    /// <param name="folder">A folder that its redirections may write to.</param>
    /// <exception cref="FormatException">Bash cannot read it.</exception>
    public static IReadOnlyList<string[]> Of(Block block, string folder)
    {
        var record = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllText(record, "");
        var script = Prelude + Local().Replace(block.Text, $"{OfRepository} ");
        var (_, _, error) = Interpreter.Run(Bash, ["--norc", "-c", script, record], folder)!.Value;
        if (error.Length > 0) throw new FormatException($"{block.Place}: {error}");
        return [.. File.ReadAllText(record).Split(EndOfCommand, StringSplitOptions.RemoveEmptyEntries).Select(Words).Where(words => words.Length > 0)];
    }

    private static string[] Words(string command) =>
        command.Trim(EndOfWord) is { Length: > 0 } words ? words.Split(EndOfWord) : [];

    [GeneratedRegex(@"(?<=^\s*|[|&;(]\s*)(?:\./|(?=\w[\w.-]*/\w))", RegexOptions.Multiline)]
    private static partial Regex Local();
}

using Gmm.Cli;
using Gmm.Fast.Tests;

namespace Gmm.Documents.Tests;

/// <summary>
/// Reads the commands of a shell that documents show: those of the tool with its own parser, those that name files of the repository by looking for
/// these.
/// </summary>
public class ShellTests
{
    private const string Tool = "gmm";
    private const string Built = "bin";

    // What else a reader may be asked to run.
    private static readonly HashSet<string> s_others =
    [
        "apt-get", "awk", "cat", "chromium", "cp", "curl", "cut", "docker", "head", "kubectl", "ls", "mkdir", "mv", "openssl", "paste", "python3", "rm", "sbatch",
        "sed", "seq", "tail", "wrk", "xargs", "zcat",
    ];

    private static readonly HashSet<string> s_verbs = ["add", "build", "format", "new", "pack", "publish", "restore", "run", "test", "tool"];

    public static TheoryData<string> Documents => ["README.md", "CONTRIBUTING.md", .. Pages.All];

    [Theory]
    [MemberData(nameof(Documents))]
    public void CommandsAreThoseThatThereAre(string document)
    {
        Assert.SkipUnless(ShellCommands.CanRead, "bash is needed");
        using var scratch = new Folder();
        var shown = Pages.Blocks(document).Where(block => block.Language == "sh" && !block.IsLeftOut);
        Faults.AreNone(
            from block in shown
            from words in ShellCommands.Of(block, scratch.Path)
            let fault = Fault(words)
            where fault is not null
            select $"{block.Place}: {fault}");
    }

    [Theory]
    [InlineData("gmm fit a.csv -k 3 --no-such-option", false)]
    [InlineData("gmm fitt a.csv -k 3", false)]
    [InlineData("gmm fit 'a b.csv' \\\n  -k 3 | head -n 2 # --no-such-option", true)]
    [InlineData("mpirun -n 2 gmm fit a.npy -k 3 --mpi -o m.json > log", true)]
    [InlineData("./no-such-script.sh", false)]
    [InlineData("./build.sh", true)]
    [InlineData("dotnet run --project src/Gmm.Cli -- fit a.csv -k 3", true)]
    [InlineData("dotnet run --project src/Nothing -- fit a.csv -k 3", false)]
    [InlineData("dotnet run --project src/Gmm.Cli -- fit a.csv --components 3 --k", false)]
    [InlineData("no-such-program", false)]
    public void AFaultIsFound(string command, bool isRight)
    {
        Assert.SkipUnless(ShellCommands.CanRead, "bash is needed");
        using var scratch = new Folder();
        var commands = ShellCommands.Of(new Block("page.md", 1, "sh", command + '\n', []), scratch.Path);
        Assert.NotEmpty(commands);
        Assert.Equal(isRight, commands.All(words => Fault(words) is null));
    }

    // Null for a command that there is.
    private static string? Fault(string[] words)
    {
        var rest = words.AsSpan(1);
        switch (words[0])
        {
            case Tool:
                return FaultOfTool([.. rest]);
            case "mpirun" or "mpiexec" or "srun":
                return Array.IndexOf(words, Tool) is > 0 and var at ? FaultOfTool(words[(at + 1)..]) : $"{words[0]} starts no {Tool}";
            case ShellCommands.OfRepository:
                return words[1].Split('/').Contains(Built) ? null : Missing(words[1]);
            case "dotnet":
                return FaultOfSdk(words[1..]);
            case var other when !s_others.Contains(other):
                return $"'{other}' is no program that documents use";
            default:
                return null;
        }
    }

    private static string? FaultOfTool(string[] arguments)
    {
        using var error = new StringWriter();
        var parse = Program.Parse(arguments, new StandardStreams(Stream.Null, Stream.Null, error, ErrorIsTerminal: false), CancellationToken.None);
        return parse.Errors.Count == 0 ? null : $"{Tool} {string.Join(' ', arguments)}: {parse.Errors[0].Message}";
    }

    private static string? FaultOfSdk(string[] words)
    {
        if (!s_verbs.Contains(words[0])) return $"dotnet has no '{words[0]}' that documents use";
        if (Array.IndexOf(words, "--project") is not (>= 0 and var at)) return null;
        var project = words[at + 1];
        if (Missing(project) is { } missing) return missing;
        return project == "src/Gmm.Cli" && Array.IndexOf(words, "--") is >= 0 and var end ? FaultOfTool(words[(end + 1)..]) : null;
    }

    private static string? Missing(string path) => Path.Exists(Path.Combine(Repository.Root, path)) ? null : $"{path} is not in the repository";

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("gmm-shell-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}

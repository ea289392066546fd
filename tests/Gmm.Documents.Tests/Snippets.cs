using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Gmm.Documents.Tests;

/// <summary>Compiles all C# of the pages, and the examples in the comments of the libraries, into one assembly.</summary>
internal static class Snippets
{
    // Pages whose C# is compiled; those of docs/ are run too.
    private static readonly string[] s_pages = ["README.md", .. Pages.All];

    private static readonly Lazy<(byte[] Image, IReadOnlyList<string> Errors)> s_emitted = new(Emit);
    private static readonly Lazy<Assembly> s_assembly = new(Load);

    public static IReadOnlyList<Snippet> All { get; } = [.. s_pages.SelectMany(OfPage), .. OfComments()];

    public static CSharpCompilation Compilation { get; } = Compile();

    public static Assembly Assembly => s_assembly.Value;

    /// <summary>The errors of the compiler, each with its page and line.</summary>
    public static IReadOnlyList<string> Errors => s_emitted.Value.Errors;

    private static IEnumerable<Snippet> OfPage(string page)
    {
        List<Block> setup = [], before = [];
        foreach (var block in Pages.Blocks(page).Where(block => block.IsCSharp && !block.IsLeftOut))
        {
            if (block.Find(NoteKind.Continues) is null) before = [.. setup];
            before.Add(block);
            yield return new Snippet(before);
            if (block.Find(NoteKind.Setup) is not null) setup.Add(block);
        }
    }

    private static IEnumerable<Snippet> OfComments() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Gmm.*.xml").Order(StringComparer.Ordinal).SelectMany(file =>
            XDocument.Load(file).Descendants("member").SelectMany(member => member.Descendants("example").Descendants("code"), (member, code) =>
                new Snippet(member.Attribute("name")!.Value, code.Value)));

    private static CSharpCompilation Compile()
    {
        var platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return CSharpCompilation.Create(
            "Snippets",
            All.Select(snippet => snippet.Tree),
            platform.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
    }

    private static (byte[] Image, IReadOnlyList<string> Errors) Emit()
    {
        using var image = new MemoryStream();
        var result = Compilation.Emit(image, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        return (image.ToArray(), [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => $"{diagnostic.Location.GetMappedLineSpan()}: {diagnostic.Id}: {diagnostic.GetMessage()}")]);
    }

    private static Assembly Load()
    {
        if (Errors.Count > 0) throw new InvalidOperationException("C# of the pages does not compile");
        using var image = new MemoryStream(s_emitted.Value.Image);
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }
}

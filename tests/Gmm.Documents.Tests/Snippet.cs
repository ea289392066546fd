using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gmm.Documents.Tests;

/// <summary>
/// Holds C# of a page as a program: a block with those that come before it, or an example of the comments of the library. Its statements become a method,
/// its types stand beside it, and messages of the compiler name lines of the page.
/// </summary>
internal sealed partial class Snippet
{
    private const string Method = "Run";
    private const string Class = "Program";

    // Those that every project of this SDK has.
    private const string ImplicitUsings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Threading;
        using System.Threading.Tasks;

        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview);

    private readonly string _space;

    /// <summary>Makes a program of blocks.</summary>
    /// <param name="blocks">Those that come before it, and the block itself.</param>
    public Snippet(IReadOnlyList<Block> blocks)
        : this(blocks[^1].Place, blocks.SelectMany(Pieces))
    {
        Runs = blocks.All(block => block.Find(NoteKind.CompiledOnly) is null);
    }

    /// <summary>Makes a program of code that is compiled and not run.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="code">The code.</param>
    public Snippet(string place, string code)
        : this(place, [(place, 1, code)])
    {
    }

    private Snippet(string place, IEnumerable<(string Page, int Line, string Code)> pieces)
    {
        Place = place;
        _space = "Snippets." + NoLetter().Replace(place, "_");
        Tree = CSharpSyntaxTree.ParseText(SourceText.From(Compose(pieces), Encoding.UTF8), s_parse, place);
    }

    /// <summary>The page and the line of its last block.</summary>
    public string Place { get; }

    public bool Runs { get; }

    public SyntaxTree Tree { get; }

    /// <summary>Gives what the program prints.</summary>
    public string Output(System.Reflection.Assembly assembly)
    {
        var output = Console.Out;
        using var text = new StringWriter { NewLine = "\n" };
        Console.SetOut(text);
        try
        {
            var run = assembly.GetType($"{_space}.{Class}", throwOnError: true)!.GetMethod(Method)!;
            if (run.Invoke(null, [Array.Empty<string>()]) is Task task) task.GetAwaiter().GetResult();
        }
        catch (System.Reflection.TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
        }
        finally
        {
            Console.SetOut(output);
        }
        return text.ToString();
    }

    private static IEnumerable<(string Page, int Line, string Code)> Pieces(Block block)
    {
        if (block.Find(NoteKind.Given) is { } given) yield return (block.Page, given.Line, given.Text);
        yield return (block.Page, block.Line, block.Text);
    }

    private string Compose(IEnumerable<(string Page, int Line, string Code)> pieces)
    {
        StringBuilder usings = new(ImplicitUsings), statements = new(), types = new();
        var isAsync = false;
        foreach (var (page, first, code) in pieces)
        {
            var root = CSharpSyntaxTree.ParseText(code, s_parse).GetCompilationUnitRoot();
            foreach (var directive in root.Usings) Add(usings, directive);
            foreach (var member in root.Members) Add(member is GlobalStatementSyntax ? statements : types, member);
            isAsync |= root.Members.OfType<GlobalStatementSyntax>().Any(statement => statement.DescendantTokens().Any(token => token.IsKind(SyntaxKind.AwaitKeyword)));

            void Add(StringBuilder text, SyntaxNode node)
            {
                var line = first + root.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line;
                text.Append($"#line {line} \"{page}\"\n").Append(node.ToFullString()).Append('\n');
            }
        }
        return $$"""
            {{usings}}
            namespace {{_space}};
            internal static class {{Class}}
            {
                public static {{(isAsync ? "async System.Threading.Tasks.Task" : "void")}} {{Method}}(string[] args)
                {
            {{statements}}
                }
            }
            {{types}}
            """;
    }

    [GeneratedRegex(@"\W")]
    private static partial Regex NoLetter();
}

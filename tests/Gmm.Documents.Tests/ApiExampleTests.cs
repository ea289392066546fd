using System.Text.RegularExpressions;
using Gmm.Fast.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gmm.Documents.Tests;

/// <summary>
/// Checks that the C# of the pages, or an example in the comments of the libraries, uses every public type and member of the listings. Constructors
/// and members of interfaces of other libraries go with their types; the compiler tells uses apart, not their names. Values of an enum that is used may be named in a text instead.
/// </summary>
public partial class ApiExampleTests
{
    public static TheoryData<string> Listings =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "PublicApi.txt", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    private static readonly Lazy<HashSet<string>> s_used = new(Used);

    private static readonly Lazy<HashSet<string>> s_named = new(() =>
        [.. Pages.All.SelectMany(page => InlineCode().Matches(Pages.Text(page)).SelectMany(match => Word().Matches(match.Value))).Select(match => match.Value)]);

    [Theory]
    [MemberData(nameof(Listings))]
    public void EveryMemberIsUsedInAnExample(string listing)
    {
        var unused = new List<string>();
        var (kind, type) = ("", "");
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, listing)))
        {
            if (line[0] != ' ')
            {
                var space = line.LastIndexOf(' ');
                (kind, type) = (line[..space], line[(space + 1)..]);
                if (!s_used.Value.Contains(type)) unused.Add(type);
            }
            else if (NameOf(line) is { } member && !s_used.Value.Contains($"{type}.{member}") && !(kind == "enum" && s_named.Value.Contains(member)))
            {
                unused.Add($"{type}.{member}");
            }
        }
        Faults.AreNone(unused);
    }

    [Fact]
    public void AMemberThatNobodyUsesIsFound()
    {
        Assert.DoesNotContain("Gmm.Fast.GaussianMixture.NoSuchMember", s_used.Value);
        Assert.Contains("Gmm.Fast.GaussianMixture.LogDensity", s_used.Value);
        Assert.Equal("Score", NameOf("  Void Score(PointSource<T> source, Scores wanted, Boolean weighted = False)"));
        Assert.Equal("Aic", NameOf("  Double Aic { get; }"));
        Assert.Equal("Drop", NameOf("  Drop = 3"));
        Assert.Equal("Label", NameOf("  Label = the label"));
        Assert.Null(NameOf("  new(Int32 components = 1)"));
    }

    // Null for what goes with the type: constructors, and what the compiler adds to delegates.
    private static string? NameOf(string line) => MemberName().Match(line).Groups["name"].Value is var name and not ("new" or "Invoke" or "BeginInvoke" or "EndInvoke") ? name : null;

    private static HashSet<string> Used()
    {
        var used = new HashSet<string>();
        foreach (var snippet in Snippets.All)
        {
            var model = Snippets.Compilation.GetSemanticModel(snippet.Tree);
            foreach (var node in snippet.Tree.GetRoot().DescendantNodes())
            {
                Add(model.GetSymbolInfo(node).Symbol);
                if (node is ExpressionSyntax expression) Add(model.GetTypeInfo(expression).ConvertedType);
                if (node is BaseTypeDeclarationSyntax declaration) AddInherited((INamedTypeSymbol)model.GetDeclaredSymbol(declaration)!);
            }
        }
        return used;

        void Add(ISymbol? symbol)
        {
            if (symbol is null) return;
            if (symbol is IMethodSymbol { ReducedFrom: { } reduced }) symbol = reduced;
            var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
            if (type is null) return;
            var name = NameOfType(type);
            if (used.Add(name)) used.UnionWith(OfOtherInterfaces(type).Select(member => $"{name}.{member.Name}"));
            if (symbol is not INamedTypeSymbol) used.Add($"{name}.{symbol.MetadataName}");
        }

        // A class of a page shows the members that it overrides or implements.
        void AddInherited(INamedTypeSymbol type)
        {
            foreach (var member in type.GetMembers()) Add((member as IPropertySymbol)?.OverriddenProperty ?? (ISymbol?)(member as IMethodSymbol)?.OverriddenMethod);
            foreach (var member in type.AllInterfaces.SelectMany(implemented => implemented.GetMembers())) Add(member);
        }
    }

    // What others call: Dispose by "using", the members of an estimator by a pipeline.
    private static IEnumerable<ISymbol> OfOtherInterfaces(INamedTypeSymbol type) =>
        type.AllInterfaces.Where(implemented => !implemented.ContainingAssembly.Name.StartsWith("Gmm.", StringComparison.Ordinal))
            .SelectMany(implemented => implemented.GetMembers()).Select(type.FindImplementationForInterfaceMember).OfType<ISymbol>();

    private static string NameOfType(INamedTypeSymbol type) => $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";

    [GeneratedRegex(@"^  (?:(?<name>\w+) = |.*?(?<name>\w+)(?:\(| \{ get;))")]
    private static partial Regex MemberName();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}

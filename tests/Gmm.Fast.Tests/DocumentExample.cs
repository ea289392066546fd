using System.Runtime.CompilerServices;

namespace Gmm.Fast.Tests;

/// <summary>Compares the library example of a document, its first block of C#, with the method that compiles and runs it.</summary>
internal static class DocumentExample
{
    /// <summary>Asserts that a method without arguments has the lines of the example, apart from indentation and the namespaces it uses.</summary>
    /// <param name="document">The path of the document in the repository.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="source">The file of the method, which is that of the caller.</param>
    public static void IsMethod(string document, string method, [CallerFilePath] string source = "")
    {
        var block = File.ReadAllText(Path.Combine(Repository.Root, document)).Split("```csharp\n")[1].Split("```")[0];
        var body = File.ReadAllText(source).Split($"private static void {method}()\n    {{\n")[1].Split("\n    }\n")[0];
        Assert.Equal(Lines(block).Where(line => !IsDirective(line)), Lines(body));
    }

    /// <summary>Gives what an action writes to the console, for a test that runs alone.</summary>
    public static string Output(Action example)
    {
        var output = Console.Out;
        using var text = new StringWriter { NewLine = "\n" };
        try
        {
            Console.SetOut(text);
            example();
        }
        finally
        {
            Console.SetOut(output);
        }
        return text.ToString();
    }

    private static bool IsDirective(string line) => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

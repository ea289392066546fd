namespace Gmm.Documents.Tests;

/// <summary>Lists everything that is wrong in one failure.</summary>
internal static class Faults
{
    public static void AreNone(IEnumerable<string> faults)
    {
        var text = string.Join('\n', faults);
        Assert.True(text.Length == 0, text);
    }
}

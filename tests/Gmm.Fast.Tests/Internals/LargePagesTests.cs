using System.Globalization;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Tests.Internals;

public unsafe class LargePagesTests
{
    [Fact]
    public void LargeBuffersAskForThem()
    {
        if (!Directory.Exists("/sys/kernel/mm/transparent_hugepage")) Assert.Skip("the system has no large pages that a process could ask for");
        using var large = new AlignedBuffer<double>(2 << 20);
        Assert.Contains(" hg", FlagsOf((nint)(large.Pointer + large.Length / 2)), StringComparison.Ordinal);
    }

    // The line of flags of the mapping that holds an address; "hg" is advice to use large pages.
    private static string FlagsOf(nint address)
    {
        var isHere = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.StartsWith("VmFlags", StringComparison.Ordinal) && isHere) return line;
            if (line.Split(' ')[0].Split('-') is [var from, var to] && Parse(from) is { } first && Parse(to) is { } end)
                isHere = first <= address && address < end;
        }
        return "no mapping";
    }

    private static nint? Parse(string hex) =>
        nint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}

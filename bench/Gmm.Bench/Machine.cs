using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Gmm.Bench;

/// <summary>What the results depend on, and where they are kept.</summary>
internal static partial class Machine
{
    /// <summary>bench/results, the folder of this kind of machine.</summary>
    public static string ResultsFolder => Path.Combine(Root(), "bench", "results", $"{Slug(Processor)}-{Vectors}-{Environment.ProcessorCount}-cpus");

    public static string Processor => CpuInfo("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>The vector extensions that the system reports.</summary>
    public static string Flags =>
        string.Join(' ', (CpuInfo("flags") ?? CpuInfo("Features") ?? "unknown").Split(' ').Where(flag => VectorFlag().IsMatch(flag)));

    private static string Vectors =>
        Vector512.IsHardwareAccelerated ? "avx512" : Avx2.IsSupported ? "avx2" : AdvSimd.IsSupported ? "neon" : "sse";

    /// <summary>Of a file in the results' folder, which then exists.</summary>
    public static string ResultPath(string name, string extension) =>
        Path.Combine(Directory.CreateDirectory(ResultsFolder).FullName, $"{name}.{extension}");

    /// <summary>Writes a result and says where it is.</summary>
    public static void WriteResult(string name, string text) => Console.WriteLine($"written: {Save(name, text)}");

    /// <summary>Writes a result; the path of its file.</summary>
    public static string Save(string name, string text)
    {
        var path = ResultPath(name, "md");
        File.WriteAllText(path, text.ReplaceLineEndings("\n").TrimEnd() + "\n");
        return path;
    }

    /// <summary>A line of Linux's /proc/self/status, VmRSS (resident now) or VmHWM (its peak), in MB; NaN elsewhere.</summary>
    public static double StatusMegabytes(string key) =>
        Field("/proc/self/status", key) is { } value ? double.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture) / 1024 : double.NaN;

    /// <summary>Lets the peak of the resident memory begin anew, on Linux.</summary>
    public static void ResetPeakMemory()
    {
        if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/clear_refs", "5");
    }

    /// <summary>The folder of the repository.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gmm.Fast.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"Gmm.Fast.sln is in no folder above {AppContext.BaseDirectory}");
        return folder.FullName;
    }

    private static string Slug(string processor) =>
        NotInSlug().Replace(Ornament().Replace(processor, ""), "-").Trim('-').ToLowerInvariant();

    private static string? CpuInfo(string key) => Field("/proc/cpuinfo", key);

    private static string? Field(string path, string key) => !File.Exists(path) ? null : File.ReadLines(path)
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(pair => pair.Length == 2 && pair[0] == key)?[1];

    [GeneratedRegex("^(avx|fma|sve|asimd)")]
    private static partial Regex VectorFlag();

    // "Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz" is "intel-xeon-platinum-8370c".
    [GeneratedRegex(@"\([^)]*\)|@.*|\bCPU\b|\bProcessor\b|\d+-Core")]
    private static partial Regex Ornament();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInSlug();
}

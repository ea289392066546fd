using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gmm.Fast.Tests;

namespace Gmm.Packages.Tests;

/// <summary>Builds a program from the packages alone, as users do, trimmed and natively too, and compares the bits of what it prints. Slow, with GMM_SLOW=1.</summary>
public sealed class ConsumerTests(PackedFixture packed)
{
    private static string Platform => RuntimeInformation.RuntimeIdentifier;

    [Fact]
    public void TrimmedAndNativeProgramsGiveTheBitsOfAPlainOne()
    {
        SkipUnlessSlow();
        var plain = Result("plain", vectors: null);
        Assert.Equal(plain, Result("trimmed", vectors: null, "-p:PublishTrimmed=true", "--self-contained"));

        SkipWithoutLinker();
        Assert.Equal(plain, Result("v2", 128, "-p:PublishAot=true", "-p:IlcInstructionSet=x86-64-v2"));
        Assert.Equal(plain, Result("v3", 256, "-p:PublishAot=true", "-p:IlcInstructionSet=x86-64-v3"));
        Assert.Equal(plain, Result("v4", 512, "-p:PublishAot=true", "-p:IlcInstructionSet=x86-64-v4"));
    }

    [Fact]
    public void ANativeBuildWithoutWideVectorsIsWarnedOf()
    {
        SkipUnlessSlow();
        SkipWithoutLinker();
        Assert.Contains("warning GMM0001", Publish("silent", "-p:PublishAot=true").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GMM0001", Publish("kept", "-p:PublishAot=true", "-p:NoWarn=GMM0001").Output, StringComparison.Ordinal);
    }

    /// <summary>Skips a test that compiles natively where that is not possible.</summary>
    internal static void SkipWithoutLinker()
    {
        Assert.SkipUnless(Platform == "linux-x64", $"native builds are tested on linux-x64; this is {Platform}");
        Assert.SkipUnless(HasProgram("clang") || HasProgram("gcc"), "native builds need clang or gcc");
    }

    private static void SkipUnlessSlow() => Assert.SkipUnless(PackedFixture.IsSlow, "publishes programs: with GMM_SLOW=1");

    private static bool HasProgram(string name) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    // Publishes without a warning, runs, and gives the printed bits. Null for the vectors of this machine; a program for wider ones is built, and not run.
    private string Result(string name, int? vectors, params string[] options)
    {
        var (folder, output) = Publish(name, options);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        var widest = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        Assert.SkipWhen(vectors > widest, $"this processor has vectors of {widest} bits; {vectors} are required");

        var (exitCode, bits, error) = DotNet.Start(Path.Combine(folder, "out", "Consumer"), folder, []);
        Assert.True(exitCode == 0, error);
        Assert.Equal($"{vectors ?? widest}\n", error);
        Assert.InRange(bits.Length, 10_000, 1_000_000);
        return bits;
    }

    private (string Folder, string Output) Publish(string name, params string[] options)
    {
        var folder = Path.Combine(packed.NewFolder(), name);
        Directory.CreateDirectory(folder);
        packed.WriteConfiguration(folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Gmm.Packages.Tests", "Consumer")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
        return (folder, DotNet.Run(folder, ["publish", "-c", "Release", "-r", Platform, "-nologo", "-o", "out", $"-p:PackageVersion={packed.Version}", .. options]));
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks that the language settings of the system change nothing. This program is built without languages, so it starts itself again with those
/// of the system: there a comma is the decimal separator, and in Turkish "diag" in capitals has a dot.
/// </summary>
public class CultureTests
{
    internal const string InChild = "GMM_TESTS_CULTURE";

    public static TheoryData<string> Languages => SlowTests.AreOn ? ["de_DE.UTF-8", "tr_TR.UTF-8"] : ["tr_TR.UTF-8"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void MessagesAndFilesAreTheSameInEveryLanguage(string language)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(InChild) is not null, "already in a child");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the language is set as Linux does it");
        var file = Path.GetTempFileName();
        try
        {
            Child.Run(
                [
                    ("LC_ALL", language), ("LANG", language), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"),
                    ("DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY", "0"), (InChild, file),
                ],
                typeof(CultureChild), typeof(FitOptionsTests), typeof(ModelTests), typeof(JsonErrorTests), typeof(FitWarningTests),
                typeof(LostDigitsTests));
            Assert.Equal($"{language[..2]}-{language[3..5]} {HashOfTexts()}", File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Every text that the library makes of numbers and names, as one number.</summary>
    internal static string HashOfTexts()
    {
        var text = new StringBuilder();
        foreach (var type in Layout.CovarianceTypes)
        {
            var fit = Blobs.Build(seed: 6, n: 200, d: 2, k: 2, type, separation: 1.5).Fit(6, regularization: 1e-3);
            using var stream = new MemoryStream();
            fit.Save(stream);
            stream.Position = 0;
            Measures.SameBits(fit.Model, GaussianMixture.Load(stream));
            text.Append(fit.Model.ToJson()).Append(Encoding.UTF8.GetString(stream.ToArray()));
        }
        double[] twins = [.. Enumerable.Repeat(-1.5, 20), .. Enumerable.Repeat(9.25, 20)];
        var plain = new FitOptions { Components = 2, Regularization = 0, MaxIterations = 1000, Stop = StopRule.FixedCount };
        var collapsed = MixtureFit.Fit(new Points(twins, 1), plain);
        text.Append(collapsed.Failure);
        text.AppendJoin('\n', MixtureFit.Fit(new Points(twins, 1), plain with { Regularization = 1.5e-6 }).Warnings);
        text.AppendJoin('\n', MixtureFit.Fit(new Points(twins, 1), plain with { InitialModel = collapsed.Model, OnCollapse = CollapsePolicy.Keep }).Recoveries);
        Refuse(() => MixtureFit.Fit(new Points(twins, 1), plain with { Regularization = -0.5 }));
        Refuse(() => MixtureFit.Fit(new Points(twins, 1), plain with { VarianceFloor = 1.5 }));
        Refuse(() => MixtureFit.Fit(new Points([1, double.NegativeInfinity], 1), plain));
        Refuse(() => StopRule.TotalRise(-1.5));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Refuse(Action action) => text.Append(Assert.ThrowsAny<ArgumentException>(action).Message);
    }
}

/// <summary>Holds the tests that <see cref="CultureTests"/> runs in a process of its own.</summary>
public class CultureChild
{
    [Fact]
    public void TheSettingsAreThoseOfALanguage()
    {
        var file = Environment.GetEnvironmentVariable(CultureTests.InChild);
        Assert.SkipWhen(file is null, "run by CultureTests");
        var culture = CultureInfo.CurrentCulture;
        Assert.Equal("1,5", 1.5.ToString(culture));
        Assert.Equal(culture.Name == "tr-TR" ? "D\u0130AG" : "DIAG", "diag".ToUpper(culture));
        File.WriteAllText(file!, $"{culture.Name} {CultureTests.HashOfTexts()}");
    }
}

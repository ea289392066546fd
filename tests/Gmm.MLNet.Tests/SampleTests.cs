using System.Reflection;
using Gmm.Fast.Tests;

namespace Gmm.MLNet.Tests;

/// <summary>Runs samples/MLNet.</summary>
[Collection(nameof(WholeProcess))]
public class SampleTests
{
    [Fact]
    public void TheSamplePrintsItsComparison()
    {
        var main = Assembly.Load("MLNetSample").EntryPoint!;
        Assert.Matches("""
            ^ +NMI with species +flowers in a group of their species
            k-means +0\.\d{3} +\d{3}
            mixture, diagonal +0\.\d{3} +\d{3}
            mixture, full +0\.[89]\d\d +14\d

            Converged after \d+ iterations, BIC \d+\.\d
            (flower \d+, (setosa|versicolor|virginica): log-density -?\d+\.\d\d
            ){3}
            the model from its file gives the same groups: True
            $
            """.ReplaceLineEndings("\n"), DocumentExample.Output(() => Assert.Equal(0, main.Invoke(null, [Array.Empty<string>()]))));
    }
}

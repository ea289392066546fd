using Gmm.Fast.Tests;
using Gmm.TestKit;

namespace Gmm.Report.Tests;

/// <summary>
/// Compares the public API of Gmm.Report with the committed listing PublicApi.txt, so that every change shows in review.
/// To accept a change: UPDATE_PUBLIC_API=1 dotnet test --project tests/Gmm.Report.Tests
/// </summary>
public class PublicApiTests
{
    private static readonly string s_listing = Path.Combine(Repository.Root, "tests", "Gmm.Report.Tests", "PublicApi.txt");

    [Fact]
    public void ThePublicApiIsTheCommittedListing()
    {
        var actual = PublicApiListing.Of(typeof(Subject).Assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1") File.WriteAllText(s_listing, actual);
        Assert.Equal(File.ReadAllText(s_listing), actual);
    }
}

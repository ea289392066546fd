using Gmm.Fast.Tests;
using Gmm.TestKit;

namespace Gmm.Data.Tests;

/// <summary>
/// Compares the public API of Gmm.Data with the committed listing PublicApi.txt, so that every change shows in review.
/// To accept a change: UPDATE_PUBLIC_API=1 dotnet test --project tests/Gmm.Data.Tests
/// </summary>
public class PublicApiTests
{
    private static readonly string s_listing = Path.Combine(Repository.Root, "tests", "Gmm.Data.Tests", "PublicApi.txt");

    [Fact]
    public void ThePublicApiIsTheCommittedListing()
    {
        var actual = PublicApiListing.Of(typeof(TableFile).Assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1") File.WriteAllText(s_listing, actual);
        Assert.Equal(File.ReadAllText(s_listing), actual);
    }
}

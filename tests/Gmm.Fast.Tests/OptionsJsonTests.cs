using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.Fast.Tests;

/// <summary>Options in the JSON of System.Text.Json: what programs keep in their own configuration.</summary>
public partial class OptionsJsonTests
{
    public static TheoryData<string, string, Settings> Values => new()
    {
        { "mean", """{"Stop":{"stop":"mean","tolerance":0.025},"Regularization":null,"Order":"found"}""", new(StopRule.MeanChange(0.025), null, ComponentOrder.AsFound) },
        { "total", """{"Stop":{"stop":"total","tolerance":1E-07},"Regularization":0.5,"Order":"weight"}""", new(StopRule.TotalRise(1e-7), 0.5, ComponentOrder.ByWeight) },
        {
            "statistical", """{"Stop":{"stop":"statistical","tolerance":0.01},"Regularization":{"kind":"relative","value":1E-12},"Order":{"mean":3}}""",
            new(StopRule.Statistical(), Regularization.Relative(1e-12), ComponentOrder.ByMean(3))
        },
        { "fixed", """{"Stop":{"stop":"fixed","tolerance":0},"Regularization":0,"Order":{"mean":0}}""", new(StopRule.FixedCount, 0, ComponentOrder.ByMean(0)) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void ValuesComeBackAsTheyWere(string what, string json, Settings settings)
    {
        Assert.Equal(json, JsonSerializer.Serialize(settings));
        Assert.Equal(settings, JsonSerializer.Deserialize<Settings>(json));

        // Code that is generated needs no reflection: native AOT has none.
        Assert.Equal(json, JsonSerializer.Serialize(settings, Generated.Default.Settings));
        Assert.Equal(settings, JsonSerializer.Deserialize(json, Generated.Default.Settings));
        Assert.Equal(settings.Stop.Kind, Enum.GetValues<StopKind>().Single(kind => StopNames.Of(kind) == what));
    }

    [Theory]
    [InlineData("""{"Stop":{"stop":"never","tolerance":0}}""", "stop is 'never'; mean, total, fixed, statistical are possible")]
    [InlineData("""{"Stop":{"stop":"mean"}}""", "a stop rule has no 'tolerance'")]
    [InlineData("""{"Stop":1}""", "a stop rule is a number; an object is required")]
    [InlineData("""{"Stop":{"stop":"mean","tolerance":-1}}""", "tolerance is -1; at least 0 is required")]
    [InlineData("""{"Regularization":"much"}""", "a regularization is a string; a number is required")]
    [InlineData("""{"Regularization":{"kind":"some","value":1}}""", "kind is 'some'; absolute, relative are possible")]
    [InlineData("""{"Order":"size"}""", "an order is 'size'; found, weight are possible")]
    [InlineData("""{"Order":{"mean":-1}}""", "mean is -1; at least 0 is required")]
    public void OtherValuesAreNamed(string json, string message) =>
        Assert.EndsWith(message, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Settings>(json)).Message);

    public sealed record Settings(StopRule Stop, Regularization? Regularization, ComponentOrder Order);

    [JsonSerializable(typeof(Settings))]
    private sealed partial class Generated : JsonSerializerContext;
}

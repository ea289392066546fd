using ScoringService.Host;

namespace ScoringService.Tests;

public class SettingsTests
{
    [Theory]
    [InlineData("MaxRows=0", "Scoring:MaxRows is 0; 1 to 1073741824 is required")]
    [InlineData("Anomaly=1.5", "Scoring:Anomaly is 1.5; a share from 0 to 1 is required")]
    [InlineData("PollSeconds=NaN", "Scoring:PollSeconds is NaN; 0.01 to 86400 is required")]
    [InlineData("Threads=-2", "Scoring:Threads is -2; at least 1, or -1 for one per processor, is required")]
    public void AValueThatCannotBeUsedIsNamed(string setting, string message) =>
        Assert.Equal(message, Assert.Throws<SettingException>(() => ServiceHost.Build("--models", ".", $"--Scoring:{setting}")).Message);

    [Theory]
    [InlineData("MaxRows=many", "Scoring:MaxRows")]
    [InlineData("MaxRow=5", "MaxRow")]
    public void AValueOrNameThatIsNoneIsNamed(string setting, string named) =>
        Assert.Contains(named, Assert.Throws<SettingException>(() => ServiceHost.Build("--models", ".", $"--Scoring:{setting}")).Message, StringComparison.Ordinal);

    [Fact]
    public void TheFolderIsRequired()
    {
        Assert.Equal("--models DIR, the folder of the model files, is required", Assert.Throws<SettingException>(() => ServiceHost.Build()).Message);
        Assert.Equal(
            "--models is 'nowhere', which is no folder; a folder with model files is required",
            Assert.Throws<SettingException>(() => ServiceHost.Build("--models", "nowhere")).Message);
    }
}

using ScoringService.Host;

const int WrongUsage = 2;
try
{
    await using var app = ServiceHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (SettingException e)
{
    Console.Error.WriteLine($"scoring-service: {e.Message}");
    return WrongUsage;
}

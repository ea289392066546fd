using ScoringService.Host;

const int WrongUsage = 2;
const int CannotServe = 1;
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
catch (Exception e) when (e is IOException or FormatException or InvalidOperationException)
{
    // An address that is in use, or none.
    Console.Error.WriteLine($"scoring-service: {e.Message}");
    return CannotServe;
}

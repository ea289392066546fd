namespace ScoringService.Host;

/// <summary>Says which setting cannot be used, and what is required.</summary>
internal sealed class SettingException(string message) : Exception(message);

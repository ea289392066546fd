namespace Gmm.Data.Models;

/// <summary>Makes messages about models from other systems.</summary>
internal static class ModelText
{
    /// <summary>Says where numbers come from that are no mixture.</summary>
    /// <param name="place">The input.</param>
    /// <param name="e">What is wrong with them.</param>
    internal static TableFormatException Failure(string place, ArgumentException e) => new($"{place}: {e.Message.Split(" (Parameter '")[0]}", e);
}

namespace Gmm.Data;

/// <summary>What the operating system refused, in one line. The runtime's own messages name paths that the user did not give.</summary>
internal static class FileFailure
{
    /// <summary>Runs <paramref name="action"/>; a refusal becomes a <see cref="TableFormatException"/>.</summary>
    /// <param name="place">The start of the message.</param>
    /// <param name="cannot">"cannot be read" or "cannot be written".</param>
    /// <param name="action">What may fail.</param>
    internal static T Guard<T>(string place, string cannot, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Describe(place, cannot, e);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    internal static void Guard(string place, string cannot, Action action) => Guard(place, cannot, () =>
    {
        action();
        return true;
    });

    internal static TableFormatException Describe(string place, string cannot, Exception e) => e switch
    {
        FileNotFoundException => new TableFormatException($"{place}: the file does not exist", e),
        DirectoryNotFoundException => new TableFormatException($"{place}: the folder does not exist", e),
        UnauthorizedAccessException => new TableFormatException($"{place}: {cannot}: permission denied", e),
        _ => new TableFormatException($"{place}: {cannot}: {ErrorText.OneLine(e.Message)}", e),
    };
}

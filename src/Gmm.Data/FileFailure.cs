namespace Gmm.Data;

/// <summary>Tells what the operating system refused, in one line. The runtime's own messages name paths that the user did not give.</summary>
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || IsTooLarge(e))
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
        _ when IsTooLarge(e) => new TableFormatException($"{place}: {cannot}: the file would be larger than its place allows", e),
        _ => new TableFormatException($"{place}: {cannot}: {Reason(e.Message)}", e),
    };

    /// <summary>Recognizes a quota, or 4 GB on FAT (EFBIG): the runtime's file streams take it for a wrong argument of a setter.</summary>
    private static bool IsTooLarge(Exception e) =>
        e is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null, Source: "System.Private.CoreLib" };

    /// <summary>Gives "No space left on device : '/home/me/.x1.tmp'" without the path.</summary>
    private static string Reason(string message)
    {
        var path = message.IndexOf(" : '", StringComparison.Ordinal);
        return ErrorText.OneLine(path < 0 ? message : message[..path]);
    }
}

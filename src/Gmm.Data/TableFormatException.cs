namespace Gmm.Data;

/// <summary>
/// Reports a file that cannot be used. The message is one line and already starts with the place: <c>data.csv:17: column 3: 'abc' is not a
/// number</c>.
/// </summary>
public sealed class TableFormatException : Exception
{
    /// <summary>Makes an error with a message that is shown to the user as it is.</summary>
    /// <param name="message">One line, the place first.</param>
    /// <param name="innerException">What the operating system said, if it was asked.</param>
    public TableFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

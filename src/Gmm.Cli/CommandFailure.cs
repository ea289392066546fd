namespace Gmm.Cli;

/// <summary>Ends a command with an exit code and one line for the user.</summary>
internal sealed class CommandFailure(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public int ExitCode => exitCode;

    public static CommandFailure Usage(string message) => new(Cli.ExitCode.Usage, message);

    public static CommandFailure Input(string message, Exception? innerException = null) => new(Cli.ExitCode.Input, message, innerException);
}

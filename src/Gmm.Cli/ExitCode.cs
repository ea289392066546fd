namespace Gmm.Cli;

/// <summary>Names the numbers that the process returns.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Usage = 2;

    /// <summary>A file that cannot be used, read or written.</summary>
    public const int Input = 3;

    public const int FitFailed = 4;

    /// <summary>A defect of the program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Internal = 70;

    /// <summary>128 + SIGINT, as a shell reports it.</summary>
    public const int Cancelled = 130;
}

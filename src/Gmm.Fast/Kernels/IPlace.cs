namespace Gmm.Fast.Kernels;

/// <summary>
/// Where some rows of the moments stand, as a constant of the compiled code: the first make responsibilities of the shares, and N, for those that follow.
/// </summary>
internal interface IPlace
{
    static abstract bool IsFirst { get; }

    static abstract bool IsFollowed { get; }
}

internal readonly struct Alone : IPlace
{
    public static bool IsFirst => true;

    public static bool IsFollowed => false;
}

internal readonly struct OnTop : IPlace
{
    public static bool IsFirst => true;

    public static bool IsFollowed => true;
}

internal readonly struct Below : IPlace
{
    public static bool IsFirst => false;

    public static bool IsFollowed => true;
}

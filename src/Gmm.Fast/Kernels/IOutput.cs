namespace Gmm.Fast.Kernels;

/// <summary>What is wanted of distances, as a constant of the compiled code: them alone, or the whitened points too.</summary>
internal interface IOutput
{
    static abstract bool IsWhitened { get; }
}

internal readonly struct DistancesAlone : IOutput
{
    public static bool IsWhitened => false;
}

internal readonly struct WithWhitened : IOutput
{
    public static bool IsWhitened => true;
}

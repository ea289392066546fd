namespace Gmm.Fast.Kernels;

/// <summary>The rows of a panel as a constant of the compiled code: four, or what is left at the end.</summary>
internal interface IRows
{
    static abstract int Count { get; }
}

internal readonly struct OneRow : IRows
{
    public static int Count => 1;
}

internal readonly struct TwoRows : IRows
{
    public static int Count => 2;
}

internal readonly struct ThreeRows : IRows
{
    public static int Count => 3;
}

internal readonly struct FourRows : IRows
{
    public static int Count => 4;
}

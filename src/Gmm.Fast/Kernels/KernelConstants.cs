namespace Gmm.Fast.Kernels;

/// <summary>Sets the rows of a panel as a constant of the compiled code: four, eight where sums of columns have registers, or those left at the end.</summary>
internal interface IRowCount
{
    static abstract int Count { get; }
}

internal readonly struct OneRow : IRowCount
{
    public static int Count => 1;
}

internal readonly struct TwoRows : IRowCount
{
    public static int Count => 2;
}

internal readonly struct ThreeRows : IRowCount
{
    public static int Count => 3;
}

internal readonly struct FourRows : IRowCount
{
    public static int Count => 4;
}

internal readonly struct EightRows : IRowCount
{
    public static int Count => 8;
}

/// <summary>Sets, as constants of the compiled code, the work that a panel of moments does for later panels.</summary>
internal interface IPanelPlace
{
    /// <summary>Whether the panel forms responsibilities from shares, and N.</summary>
    static abstract bool FormsResponsibilities { get; }

    /// <summary>Whether later panels read the responsibilities.</summary>
    static abstract bool HasLaterPanels { get; }
}

internal readonly struct OnlyPanel : IPanelPlace
{
    public static bool FormsResponsibilities => true;

    public static bool HasLaterPanels => false;
}

internal readonly struct FirstPanel : IPanelPlace
{
    public static bool FormsResponsibilities => true;

    public static bool HasLaterPanels => true;
}

internal readonly struct LaterPanel : IPanelPlace
{
    public static bool FormsResponsibilities => false;

    public static bool HasLaterPanels => true;
}

/// <summary>Sets, as a constant of the compiled code, whether shares are cut above the reach of their definition.</summary>
internal interface IShareCut
{
    static abstract bool HasTolerance { get; }
}

internal readonly struct ByDefinition : IShareCut
{
    public static bool HasTolerance => false;
}

internal readonly struct ByTolerance : IShareCut
{
    public static bool HasTolerance => true;
}

/// <summary>Sets, as constants of the compiled code, what a kernel of distances does beside them.</summary>
internal interface IDistanceOutput
{
    /// <summary>Whether whitened points are stored.</summary>
    static abstract bool StoresWhitened { get; }

    /// <summary>Whether the sums of a tile end where all of them are beyond limits.</summary>
    static abstract bool HasLimits { get; }
}

internal readonly struct DistancesOnly : IDistanceOutput
{
    public static bool StoresWhitened => false;

    public static bool HasLimits => false;
}

internal readonly struct DistancesAndWhitened : IDistanceOutput
{
    public static bool StoresWhitened => true;

    public static bool HasLimits => false;
}

internal readonly struct DistancesWithinLimits : IDistanceOutput
{
    public static bool StoresWhitened => false;

    public static bool HasLimits => true;
}

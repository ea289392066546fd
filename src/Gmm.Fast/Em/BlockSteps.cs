using System.Numerics;
using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Makes block steps from the names of kernels, an element type and a lane width.</summary>
internal static class BlockSteps
{
    /// <summary>Makes the E-step and the M-step sums of EM for a family.</summary>
    public static IBlockStep<T> Soft<T>(Family family, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Soft<T>(family.Form, family.Moments, width);

    /// <summary>Makes the E-step and the M-step sums of EM for any density and any moments.</summary>
    public static IBlockStep<T> Soft<T>(DensityForm form, MomentKind moments, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Make<T>(form, moments, isSoft: true, width);

    /// <summary>Makes the same step tile by tile.</summary>
    /// <param name="family">A family whose form is separable.</param>
    /// <param name="width">The width of vectors.</param>
    /// <param name="bounds">Tells which components to leave out; null to leave out none.</param>
    public static ITileStep<T> Tiles<T>(Family family, LaneWidth width, TileBounds<T>? bounds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var maker = new TileMaker(family.Form, family.Moments, bounds as TileBounds<double>, bounds as TileBounds<float>);
        return typeof(T) == typeof(float)
            ? (ITileStep<T>)LaneWidths.SelectSingle<TileMaker, ITileStep<float>>(width, maker)
            : (ITileStep<T>)LaneWidths.Select<TileMaker, ITileStep<double>>(width, maker);
    }

    /// <summary>Makes the step that assigns points to the nearest center and sums moments of any kind.</summary>
    public static IBlockStep<double> Nearest(MomentKind moments, LaneWidth width) =>
        Make<double>(DensityForm.Spherical, moments, isSoft: false, width);

    /// <summary>Makes what finds the nearest center of each point from the distances from all.</summary>
    public static IBlockLabels Labels(LaneWidth width) => LaneWidths.Select<LabelMaker, IBlockLabels>(width, default);

    /// <summary>Makes the step of <see cref="Nearest"/> that leaves out pairs, without the objective.</summary>
    public static IBlockPass<double> Clusters(MomentKind moments, IBlockLabels nearest, LaneWidth width) =>
        LaneWidths.Select<ClusterMaker, IBlockPass<double>>(width, new ClusterMaker(moments, nearest, Nearest(moments, width)));

    private static IBlockStep<T> Make<T>(DensityForm form, MomentKind moments, bool isSoft, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var maker = new WidthUser(form, moments, isSoft);
        return typeof(T) == typeof(float)
            ? (IBlockStep<T>)LaneWidths.SelectSingle<WidthUser, IBlockStep<float>>(width, maker)
            : (IBlockStep<T>)LaneWidths.Select<WidthUser, IBlockStep<double>>(width, maker);
    }

    private readonly struct WidthUser(DensityForm form, MomentKind moments, bool isSoft)
        : ILaneUser<double, IBlockStep<double>>, ILaneUser<float, IBlockStep<float>>
    {
        IBlockStep<double> ILaneUser<double, IBlockStep<double>>.With<TLanes, TVector>() =>
            form.Select<TLanes, TVector, double, FormUser<TLanes, TVector, double>, IBlockStep<double>>(new(moments, isSoft));

        IBlockStep<float> ILaneUser<float, IBlockStep<float>>.With<TLanes, TVector>() =>
            form.Select<TLanes, TVector, float, FormUser<TLanes, TVector, float>, IBlockStep<float>>(new(moments, isSoft));
    }

    private readonly struct FormUser<TLanes, TVector, T>(MomentKind moments, bool isSoft) : IFormUser<T, IBlockStep<T>>
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        public IBlockStep<T> With<TForm>()
            where TForm : struct, IForm<T> =>
            moments.Select<TLanes, TVector, T, MomentsUser<TLanes, TVector, T, TForm>, IBlockStep<T>>(new(isSoft));
    }

    private readonly struct MomentsUser<TLanes, TVector, T, TForm>(bool isSoft) : IMomentsUser<T, IBlockStep<T>>
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        where TForm : struct, IForm<T>
    {
        public IBlockStep<T> With<TMoments>()
            where TMoments : struct, IMoments<T> => isSoft
                ? new BlockStep<TLanes, TVector, T, TForm, TMoments, SoftAssignment<TLanes, TVector, T>>()
                : new BlockStep<TLanes, TVector, T, TForm, TMoments, HardAssignment<TLanes, TVector, T>>();
    }

    private readonly struct TileMaker(DensityForm form, MomentKind moments, TileBounds<double>? doubles, TileBounds<float>? floats)
        : ILaneUser<double, ITileStep<double>>, ILaneUser<float, ITileStep<float>>
    {
        ITileStep<double> ILaneUser<double, ITileStep<double>>.With<TLanes, TVector>() =>
            form.Select<TLanes, TVector, double, TileFormUser<TLanes, TVector, double>, ITileStep<double>>(new(moments, doubles));

        ITileStep<float> ILaneUser<float, ITileStep<float>>.With<TLanes, TVector>() =>
            form.Select<TLanes, TVector, float, TileFormUser<TLanes, TVector, float>, ITileStep<float>>(new(moments, floats));
    }

    private readonly struct TileFormUser<TLanes, TVector, T>(MomentKind moments, TileBounds<T>? bounds) : IFormUser<T, ITileStep<T>>
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        public ITileStep<T> With<TForm>()
            where TForm : struct, IForm<T> => moments.Select<TLanes, TVector, T, TileMomentsUser<TLanes, TVector, T, TForm>, ITileStep<T>>(new(bounds));
    }

    private readonly struct TileMomentsUser<TLanes, TVector, T, TForm>(TileBounds<T>? bounds) : IMomentsUser<T, ITileStep<T>>
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        where TForm : struct, IForm<T>
    {
        public ITileStep<T> With<TMoments>()
            where TMoments : struct, IMoments<T> => new TileStep<TLanes, TVector, T, TForm, TMoments>(bounds);
    }

    private readonly struct LabelMaker : ILaneUser<double, IBlockLabels>
    {
        public IBlockLabels With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => new AllLabels<TLanes, TVector>();
    }

    private readonly struct ClusterMaker(MomentKind moments, IBlockLabels nearest, IBlockStep<double> whole) : ILaneUser<double, IBlockPass<double>>
    {
        public IBlockPass<double> With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct =>
            moments.Select<TLanes, TVector, double, ClusterMomentsUser<TLanes, TVector>, IBlockPass<double>>(new(nearest, whole));
    }

    private readonly struct ClusterMomentsUser<TLanes, TVector>(IBlockLabels nearest, IBlockStep<double> whole) : IMomentsUser<double, IBlockPass<double>>
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        public IBlockPass<double> With<TMoments>()
            where TMoments : struct, IMoments<double> => new ClusterStep<TLanes, TVector, TMoments>(nearest, whole);
    }
}

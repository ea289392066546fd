using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Em;

/// <summary>Keeps the sketches of all points of a store.</summary>
internal sealed unsafe class PointSketches : IDisposable
{
    private readonly AlignedBuffer<float> _memory;
    private readonly int _padded;
    private readonly long _blockLength;

    private PointSketches(SketchMap map, BlockShape shape)
    {
        (Map, Blocks) = (map, shape.Blocks);
        _padded = BlockShape.Pad<float>(shape.BlockPoints);
        _blockLength = (long)_padded * (map.Columns + 1);
        _memory = new AlignedBuffer<float>(_blockLength * shape.Blocks);
    }

    /// <summary>The map from points to sketches.</summary>
    public SketchMap Map { get; }

    /// <summary>The number of blocks.</summary>
    public long Blocks { get; }

    /// <summary>Makes the sketches of all points.</summary>
    /// <param name="map">The map.</param>
    /// <param name="points">The points.</param>
    /// <param name="team">The threads.</param>
    public static PointSketches Of(SketchMap map, BlockStore<double> points, WorkTeam team)
    {
        var sketches = new PointSketches(map, points.Shape);
        long next = 0;
        var workers = (int)Math.Min(team.Size, points.Shape.Blocks);
        team.Reserve(workers, Workspace<double>.Length(points.Shape.BlockPoints, points.Dimension, components: 1) * sizeof(double));
        team.Run(workers, worker =>
        {
            var workspace = new Workspace<double>((double*)team.Memory(worker), points.Shape.BlockPoints, points.Dimension, components: 1);
            for (var number = Interlocked.Increment(ref next) - 1; number < points.Shape.Blocks; number = Interlocked.Increment(ref next) - 1)
            {
                var block = points.Load(number, workspace.Room);
                if (block.Count > 0) map.Write(block, sketches.Block(number), sketches.Slacks(number), workspace.Scratch);
            }
        });
        return sketches;
    }

    /// <summary>[tiles x Columns x points of a tile]: the sketches of a block.</summary>
    public float* Block(long number) => _memory.Pointer + number * _blockLength;

    /// <summary>[tiles x points of a tile]: what rounding may take from the distances of each point of a block.</summary>
    public float* Slacks(long number) => Block(number) + (nint)_padded * Map.Columns;

    public void Dispose() => _memory.Dispose();
}

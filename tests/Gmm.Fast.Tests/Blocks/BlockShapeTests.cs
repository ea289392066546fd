using Gmm.Fast.Blocks;

namespace Gmm.Fast.Tests.Blocks;

/// <summary>Checks that every point lies in one block and every block in one shard, for any size.</summary>
public class BlockShapeTests
{
    private static readonly int[] s_columns = [1, 8, 160, 161, 1000];

    public static TheoryData<long> Sizes() =>
        [1, 2, 95, 96, 97, 191, 192, 193, 383, 384, 385, 6143, 6144, 6145, 24_575, 24_576, 24_577, 100_000, 1_000_003, 1_000_000_000_000, 999_999_999_989];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ShardsCoverAllBlocksOnce(long rowCount)
    {
        foreach (var columns in s_columns)
        {
            Check<double>(rowCount, columns);
            Check<float>(rowCount, columns);
        }

        static void Check<T>(long rowCount, int columns)
            where T : unmanaged
        {
            var shape = BlockShape.For<T>(rowCount, columns);
            Assert.Equal(shape.BlockPoints, BlockShape.Pad<T>(shape.BlockPoints));
            Assert.True(shape.Blocks * shape.BlockPoints >= rowCount && (shape.Blocks - 1) * shape.BlockPoints < rowCount);
            Assert.InRange(shape.Shards, 1, 128);
            Assert.True(shape.Shards == shape.Blocks || shape.Shards % 32 == 0, $"{shape.Shards} shards");
            Assert.True(shape.Shards <= shape.Blocks);
            Assert.Equal(0, shape.FirstBlock(0));
            Assert.Equal(shape.Blocks, shape.FirstBlock(shape.Shards));
            for (var shard = 0; shard < shape.Shards; shard++)
            {
                var size = shape.FirstBlock(shard + 1) - shape.FirstBlock(shard);
                Assert.InRange(size, shape.Blocks / shape.Shards, shape.Blocks / shape.Shards + 1);
            }
        }
    }

    [Fact]
    public void TheShapeDependsOnTheSizeAlone()
    {
        Assert.Equal(new BlockShape(384, 3, 3), BlockShape.For<double>(1000, 3));
        Assert.Equal(new BlockShape(384, 3, 3), BlockShape.For<double>(1000, 160));
        Assert.Equal(new BlockShape(192, 6, 6), BlockShape.For<double>(1000, 161));
        Assert.Equal(new BlockShape(768, 2, 2), BlockShape.For<float>(1000, 3));
        Assert.Equal(32, BlockShape.For<double>(20_000, 3).Shards);
        Assert.Equal(32, BlockShape.For<double>(50_000, 3).Shards);
        Assert.Equal(128, BlockShape.For<double>(1_000_000, 3).Shards);
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(32, 32)]
    [InlineData(33, 64)]
    [InlineData(384, 384)]
    public void PaddingGoesToTheNextMultipleOfAWidestTile(int count, int padded)
    {
        Assert.Equal(padded, BlockShape.Pad<double>(count));
        Assert.Equal(2 * padded, BlockShape.Pad<float>(2 * count));
    }
}

using Gmm.Fast.Data;

namespace Gmm.Fast.Tests.Data;

/// <summary>Every row lies in one block, every block in one shard, for any size.</summary>
public class BlockShapeTests
{
    private static readonly int[] s_columns = [1, 7, 8, 64, 65, 1000];

    public static TheoryData<long> Sizes() =>
        [1, 2, 95, 96, 97, 191, 192, 193, 383, 384, 385, 6143, 6144, 6145, 24_575, 24_576, 24_577, 1_000_003, 1_000_000_000_000, 999_999_999_989];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ShardsCoverAllBlocksOnce(long rowCount)
    {
        foreach (var columns in s_columns)
        {
            foreach (var statisticsLength in (int[])[4, 1000, 100_000, 50_000_000])
            {
                var shape = BlockShape.For(rowCount, columns, statisticsLength);
                Assert.True(shape.BlockPoints % BlockShape.RowMultiple == 0);
                Assert.True(shape.Blocks * shape.BlockPoints >= rowCount && (shape.Blocks - 1) * shape.BlockPoints < rowCount);
                Assert.InRange(shape.Shards, 1, 64);
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
    }

    [Fact]
    public void TheShapeDependsOnTheSizeAlone()
    {
        Assert.Equal(new BlockShape(384, 3, 3), BlockShape.For(1000, 3, 50));
        Assert.Equal(new BlockShape(192, 6, 6), BlockShape.For(1000, 8, 500));
        Assert.Equal(new BlockShape(96, 11, 11), BlockShape.For(1000, 100, 50_000));
        Assert.Equal(64, BlockShape.For(1_000_000, 3, 50).Shards);
        Assert.Equal(16, BlockShape.For(1_000_000, 3, 1 << 30).Shards);
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(32, 32)]
    [InlineData(33, 64)]
    [InlineData(384, 384)]
    public void PaddingGoesToTheNextMultiple(int count, int padded) => Assert.Equal(padded, BlockShape.Pad(count));
}

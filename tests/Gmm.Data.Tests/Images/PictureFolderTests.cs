using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Gmm.Data.Images;

namespace Gmm.Data.Tests.Images;

public sealed class PictureFolderTests : PictureTestFolder
{
    private static readonly byte[] s_small = HandMade.Png(1, 1, 8, 2, [255, 128, 0]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheMeansOfThe400PicturesAreThoseOfTheTableToTheLastBit(bool exact)
    {
        var table = PictureFolder.Read(Path.Combine(HandMade.DataFolder, "pictures"), new PictureOptions { Exact = exact }, Token);
        Assert.Empty(table.Skipped);
        Assert.Equal(400, table.Pictures.Count);
        var expected = File.ReadLines(Path.Combine(HandMade.DataFolder, "pictures-labels.csv")).Skip(1).Select(line => line.Split(','))
            .OrderBy(cells => cells[0], StringComparer.Ordinal).ToArray();
        Assert.Equal(expected.Select(cells => cells[0]), table.Pictures.Select(picture => $"pictures/{picture.File}"));
        Assert.Equal(expected.SelectMany(cells => cells[2..]).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)), table.Rows());
        Assert.All(table.Pictures, picture => Assert.Equal((64, 48, null), (picture.Width, picture.Height, picture.Category)));
    }

    [Fact]
    public void OneThreadOrManyGiveTheSame()
    {
        var folder = Path.Combine(HandMade.DataFolder, "pictures");
        var serial = PictureFolder.Read(folder, new PictureOptions { MaxDegreeOfParallelism = 1 }, Token);
        var parallel = PictureFolder.Read(folder, new PictureOptions { MaxDegreeOfParallelism = 7 }, Token);
        Assert.Equal(serial.Pictures, parallel.Pictures);
    }

    [Fact]
    public void FilesAreInOrdinalOrderAndTheFirstFolderIsTheCategory()
    {
        foreach (var name in new[] { "b.PNG", "B.png", "a-1/z.png", "a/x/y.jpg", "a/b.png", "ä/é 1.png", ".hidden/a.png", ".a.png", "a/.b.png" })
        {
            Put(name, s_small);
        }

        var table = PictureFolder.Read(Root, token: Token);
        Assert.Equal(["B.png", "a-1/z.png", "a/b.png", "a/x/y.jpg", "b.PNG", "ä/é 1.png"], table.Pictures.Select(picture => picture.File));
        Assert.Equal([null, "a-1", "a", "a", null, "ä"], table.Pictures.Select(picture => picture.Category));
        Assert.Empty(table.Skipped);
        Assert.Equal([255 / 256.0, 0.5, 0], table.Rows()[..3]);
    }

    [Fact]
    public void WhateverIsNoPictureIsSkippedWithItsReason()
    {
        Put("a good one.gif", s_small);
        Put("empty.jpg", []);
        Put("text.png", "hello, I am a text\n"u8.ToArray());
        Put("notes.txt", "BMW is a car, not a BMP file"u8.ToArray());
        Put("random.jpg", [.. Enumerable.Range(0, 5000).Select(i => (byte)((i * i * 31) + (i >> 3) + 7))]);
        Put("zeros.bmp", new byte[1000]);
        Put("short.webp", "RI"u8.ToArray());
        Put("header only.jpg", [0xFF, 0xD8, 0xFF]);
        Put("half.png", File.ReadAllBytes(Path.Combine(HandMade.DataFolder, "pictures", "rivers_000.png"))[..700]);
        Put("sub/no width.png", HandMade.Png(0, 5, 8, 2, []));
        var damaged = File.ReadAllBytes(Path.Combine(HandMade.DataFolder, "pictures", "rivers_000.png"));
        damaged[600] ^= 0x55;
        Put("damaged.png", damaged);

        var table = PictureFolder.Read(Root, token: Token);
        Assert.Equal(["a good one.gif"], table.Pictures.Select(picture => picture.File));
        Assert.Equal(
        [
            new("damaged.png", "damaged: it cannot be decoded"),
            new("empty.jpg", "the file is empty"),
            new("half.png", Truncated),
            new("header only.jpg", "damaged: its header cannot be read"),
            new("notes.txt", NoPicture),
            new("random.jpg", NoPicture),
            new("short.webp", NoPicture),
            new("sub/no width.png", "damaged: its header cannot be read"),
            new("text.png", NoPicture),
            new("zeros.bmp", NoPicture),
        ], table.Skipped);
    }

    [Fact]
    public void HugePicturesAreRefusedFromTheirHeader()
    {
        Put("bomb.png", HandMade.Png(60_000, 60_000, 8, 2, []));
        Put("five.png", HandMade.Png(5, 1, 8, 0, [1, 2, 3, 4, 5]));
        var watch = Stopwatch.StartNew();
        var before = Process.GetCurrentProcess().PeakWorkingSet64;
        var table = PictureFolder.Read(Root, token: Token);
        Assert.Equal([new("bomb.png", "too large: 60000 x 60000 pixels; at most 100000000 are read")], table.Skipped);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64, 0, before + (4L << 30));
        Assert.Equal("five.png", Assert.Single(table.Pictures).File);

        table = PictureFolder.Read(Root, new PictureOptions { MaxPixels = 4 }, Token);
        Assert.Equal("too large: 5 x 1 pixels; at most 4 are read", table.Skipped[1].Reason);
    }

    [Fact]
    public void AFileLongerThanAnySuchPictureIsRefused()
    {
        var path = Put("long.png", s_small);
        using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.SetLength(801_048_577);
        }

        Assert.Equal("too large: 801048577 bytes; at most 801048576 are read", Assert.Single(PictureFolder.Read(Root, token: Token).Skipped).Reason);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void LinksAreFollowedAndLoopsAreNot()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links of Unix");
        Put("in/real/a.png", s_small);
        Put("outside/deep/b.png", s_small);
        Link("in/real/up", "..");
        Link("in/real/further", "../..");
        Link("in/self", "self");
        Link("in/round", "trip");
        Link("in/trip", "round");
        Link("in/again", "real");
        Link("in/other", "../outside");
        Link("in/other too", At("outside/deep"));
        Link("in/one.png", "real/a.png");
        Link("in/gone.png", "nothing.png");
        Link("outside/back", "../in/real");
        Link("entrance", "in");

        foreach (var entrance in new[] { "in", "entrance" })
        {
            var table = PictureFolder.Read(At(entrance), token: Token);
            Assert.Equal(["one.png", "other/deep/b.png", "real/a.png"], table.Pictures.Select(picture => picture.File));
            var skipped = table.Skipped.ToDictionary(entry => entry.File, entry => entry.Reason);
            Assert.Equal(["again/", "gone.png", "other too/", "other/back/", "real/further/", "real/up/", "round", "self", "trip"],
                skipped.Keys.Order(StringComparer.Ordinal));
            Assert.Equal("a link to a folder that is read already", skipped["again/"]);
            Assert.Equal("a link to a folder that is read already", skipped["other/back/"]);
            Assert.Equal("a link to a folder that is read already", skipped["other too/"]);
            Assert.Equal("a link back to a folder that it lies in", skipped["real/up/"]);
            Assert.Equal("a link back to a folder that it lies in", skipped["real/further/"]);
            Assert.Equal("the file does not exist", skipped["gone.png"]);
            Assert.All(skipped.Values, reason => Assert.DoesNotContain('\n', reason));
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void APipeDoesNotMakeItWait()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "there is no mkfifo here");
        using var process = Process.Start("/usr/bin/mkfifo", [At("pipe.png")]);
        process.WaitForExit();
        Assert.Equal([new("pipe.png", "the file is empty")], PictureFolder.Read(Root, token: Token).Skipped);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void AFolderWithoutPermissionIsSkipped()
    {
        Assert.Equal("cannot be read: permission denied", PictureCodec.Reason(new UnauthorizedAccessException("Access is denied.")));
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "an administrator may read everything");
        Put("closed/a.png", s_small);
        Put("b.png", s_small);
        File.SetUnixFileMode(At("closed"), UnixFileMode.None);
        var table = PictureFolder.Read(Root, token: Token);
        File.SetUnixFileMode(At("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(["b.png"], table.Pictures.Select(picture => picture.File));
        Assert.Equal([new("closed/", "cannot be read: permission denied")], table.Skipped);
    }

    [Fact]
    public void TheFolderItselfMustBeThere()
    {
        Assert.Equal($"{At("no")}: the folder does not exist", Samples.Error(() => PictureFolder.Read(At("no"), token: Token)));
        Assert.Equal($"{Put("file", [1])}: is a file; a folder is required", Samples.Error(() => PictureFolder.Read(At("file"), token: Token)));
        Assert.Throws<ArgumentException>(() => PictureFolder.Read("", token: Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureFolder.Read(Root, new PictureOptions { MaxDegreeOfParallelism = 0 }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureFolder.Read(Root, new PictureOptions { MaxPixels = 0 }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureFolder.Read(Root, new PictureOptions { MaxPixels = 500_000_001 }, Token));
        Directory.CreateDirectory(At("empty"));
        var table = PictureFolder.Read(At("empty"), token: Token);
        Assert.Empty(table.Pictures);
        Assert.Empty(table.Skipped);
        Assert.Empty(table.Rows());
    }

    [Fact]
    public void ProgressCountsEveryFileAndCancellationStops()
    {
        for (var i = 0; i < 20; i++)
        {
            Put($"{i}.png", i % 5 == 0 ? [] : s_small);
        }

        var seen = new List<PictureProgress>();
        PictureFolder.Read(Root, new PictureOptions { MaxDegreeOfParallelism = 4, Progress = new Listener(seen.Add) }, Token);
        Assert.Equal(Enumerable.Range(1, 20), seen.Select(progress => progress.Done));
        Assert.All(seen, progress => Assert.Equal(20, progress.Total));
        Assert.Equal(4, seen[^1].Skipped);

        using var source = new CancellationTokenSource();
        var done = 0;
        var stop = new Listener(progress =>
        {
            done = progress.Done;
            if (done == 5)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            PictureFolder.Read(Root, new PictureOptions { MaxDegreeOfParallelism = 2, Progress = stop }, source.Token));
        Assert.InRange(done, 5, 7);
        Assert.ThrowsAny<OperationCanceledException>(() => PictureFolder.Read(Root, null, source.Token));
    }

    [Fact]
    public async Task TheBudgetLetsOnePictureThroughAndWakesWhoWaits()
    {
        var budget = new DecodeBudget(10);
        budget.Take(1000, Token);
        var second = Task.Run(() => budget.Take(1, Token), Token);
        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(50, Token)));
        budget.Return(1000);
        await second;

        using var source = new CancellationTokenSource();
        var third = Task.Run(() => budget.Take(10, source.Token), Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        budget.Take(9, Token);
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(At(name), target);

    private sealed class Listener(Action<PictureProgress> report) : IProgress<PictureProgress>
    {
        public void Report(PictureProgress value) => report(value);
    }
}

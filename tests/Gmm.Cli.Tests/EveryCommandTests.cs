using System.Runtime.Versioning;
using Gmm.Data.Images;

namespace Gmm.Cli.Tests;

/// <summary>What one command refuses, every command that reads the same kind of file refuses in the same words, and leaves nothing behind.</summary>
public sealed class EveryCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public static TheoryData<string, string> Tables => new()
    {
        { "1,2\n3,NaN\n", ":2: column 2: 'NaN' stands for a missing value; 1 value in 1 of 2 rows is missing; --missing drop leaves such rows out, --missing marginalize uses the values that they have" },
        { "1,2\nInfinity,4\n", ":2: column 1: 'Infinity' is not finite" },
        { "1,2\n3,1e400\n", ":2: column 2: '1e400' is beyond the range of a double (1.8e308)" },
        { "", ": the file is empty; rows of numbers are required" },
        { "\n\n", ": the file has only blank lines; rows of numbers are required" },
        { "1,2\n3\n", ":2: row has 1 cell; 2 are required; cells are taken to be separated by ','; --separator says another" },
        { "1,2\n3,\n", ":2: column 2: the cell is empty; 1 value in 1 of 2 rows is missing; --missing drop leaves such rows out, --missing marginalize uses the values that they have" },
        { "1,2\n3,four\n5,6\n", ":2: column 2: 'four' is not a number; --na four makes it a missing value, --exclude 2 leaves the column out" },
        { "1,2\n3,\"4,5\"\n", ":2: column 2: '4,5' is not a number where the decimal separator is '.'; --decimal , says another, and thousands separators are not accepted" },
        { "a,b\n3,4,5,6\n", ":2: row has 4 cells; 2 are required; cells are taken to be separated by ','; --separator says another; decimal commas need another separator" },
        { "1,2\n3,4\0\n", ":2: column 2: '4\\0' holds a NUL byte; UTF-8 text is required" },
        { "1\0,\u00002\0\n\0", ":1: column 1: '1\\0' holds a NUL byte; UTF-8 text is required" },
    };

    public static TheoryData<string, string> Models => new()
    {
        { "", "line 1, byte 1: not a JSON document: The input does not contain any JSON tokens" },
        { "null", "the document is null; an object is required" },
        { "{\0", "line 1, byte 2: not a JSON document: '0x00' is an invalid start of a property name" },
        { "{\"covarianceType\":\"full\",\"weights\":[1],\"means\":[[1,2]],\"covariances\":[[1,0],[0,1]]}",
            "covariances has 2 entries; 1 are required" },
        { "{\"covarianceType\":\"full\",\"weights\":[1],\"means\":[[1,2]],\"covariances\":[[[1,2],[2,1]]]}",
            "covariances: component 0 is not positive definite, pivot 1 is -3; a positive one is required" },
        { "{\"covarianceType\":\"full\",\"weights\":[0.5],\"means\":[[1,2]],\"covariances\":[[[1,0],[0,1]]]}", "weights sum to 0.5; 1 is required" },
        { "{\"covarianceType\":\"round\",\"weights\":[1]}",
            "covarianceType is 'round'; full, tied, diag, spherical, tied-diag, tied-spherical are possible" },
    };

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Tables))]
    public void TablesThatCannotBeUsed(string text, string problem)
    {
        var data = _scratch.Write("data.csv", text);
        foreach (var command in DataCommands(data)) Tool.Run(command).Fails(3, data + problem);
        Assert.Equal(["data.csv", "model.json"], _scratch.Files);
    }

    [Fact]
    public void TablesThatAreNotThereAndArraysThatAreNone()
    {
        var (missing, folder, array, other) = (_scratch.Path("no.csv"), _scratch.Folder, _scratch.Write("data.npy", "1,2\n3,4\n"), _scratch.Write("data.xls", "%PDF-1.7\n"));
        foreach (var command in DataCommands(missing)) Tool.Run(command).Fails(3, $"{missing}: the file does not exist");
        foreach (var command in DataCommands(folder)) Tool.Run(command).Fails(3, $"{folder}: is a folder; a file is required");
        foreach (var command in DataCommands(array)) Tool.Run(command).Fails(3, $"{array}: the file does not start as a .npy file does");
        foreach (var command in DataCommands(other))
            Tool.Run(command).Fails(3, $"{other}: the file is a PDF document; a table as text is required");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ModelsThatCannotBeUsed(string text, string problem)
    {
        var model = _scratch.Write("bad.json", text);
        foreach (var command in ModelCommands(model)) Tool.Run(command).Fails(3, $"{model}: {problem}");
        Assert.Equal(["bad.json", "photo.png"], _scratch.Files);
        Assert.Empty(Directory.GetDirectories(_scratch.Folder));
    }

    [Fact]
    public void ModelsThatAreNotThere()
    {
        var (missing, folder) = (_scratch.Path("no.json"), _scratch.Folder);
        foreach (var command in ModelCommands(missing)) Tool.Run(command).Fails(3, $"{missing}: the file does not exist");
        foreach (var command in ModelCommands(folder))
            Tool.Run(command).Fails(3, $"{folder}: is a folder; a file is required");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void FilesWithoutPermission()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "an administrator may read everything");
        var (data, model) = (_scratch.Write("data.csv", "1,2\n"), _scratch.Write("secret.json", "{}"));
        foreach (var file in (string[])[data, model]) File.SetUnixFileMode(file, UnixFileMode.None);
        foreach (var command in DataCommands(data)) Tool.Run(command).Fails(3, $"{data}: cannot be read: permission denied");
        foreach (var command in ModelCommands(model)) Tool.Run(command).Fails(3, $"{model}: cannot be read: permission denied");
    }

    [Theory]
    [InlineData("-k 2 --max-iter -1", "--max-iter is '-1'; a whole number of at least 0 is required")]
    [InlineData("-k 2 --tol Infinity", "--tol is 'Infinity'; a finite number of at least 0 is required")]
    [InlineData("-k 2 --reg-covar NaN", "--reg-covar is 'NaN'; a finite number of at least 0 is required")]
    [InlineData("-k 2 --variance-floor 1e400", "--variance-floor is '1e400'; a finite number of at least 0 is required")]
    [InlineData("-k 2 --covariance DIAG", "--covariance is 'DIAG'; full, tied, diag, spherical, tied-diag or tied-spherical is required")]
    public void OptionsOfAFit(string options, string problem)
    {
        foreach (var (name, begin) in (ReadOnlySpan<(string, string)>)[("fit", "x.csv"), ("images", "x"), ("segment", "x.png -o y.png")])
            Tool.Run([name, .. begin.Split(' '), .. options.Split(' ')]).Fails(2, $"{problem} (see gmm {name} --help)");
    }

    [Fact]
    public void NoOutputMayBeAnInput()
    {
        var (model, data, photo) = (_scratch.Model("m.csv"), _scratch.Write("d.csv", "1,2\n"), Photo());
        var png = _scratch.Model("m.png");
        File.CreateSymbolicLink(_scratch.Path("link.csv"), "m.csv");
        (string Output, string Input, string[] Command)[] commands =
        [
            (data, data, ["predict", model, data, "-o"]), (model, model, ["predict", model, data, "-o"]), (data, data, ["impute", model, data, "-o"]), (model, model, ["sample", model, "-n", "1", "-o"]),
            (_scratch.Path("link.csv"), model, ["sample", model, "-n", "1", "-o"]), (model, model, ["generate", model, "-n", "1", "-o"]),
            (png, png, ["plot", png, data, "-o"]), (photo, photo, ["segment", photo, "-k", "1", "-o"]), (png, png, ["segment", photo, "--init", png, "-o"]),
            (data, data, ["fit", data, "-k", "1", "--responsibilities"]), (png, png, ["fit", data, "--init", png, "--plot"]),
            (png, png, ["fit", data, "--continue", png, "--plot"]),
        ];
        var before = _scratch.Files.Select(file => File.ReadAllBytes(_scratch.Path(file))).ToArray();
        foreach (var (output, input, command) in commands)
        {
            Tool.Run([.. command, output])
                .Fails(2, $"{command[^1]} is '{output}', the same file as '{input}'; another file is required (see gmm {command[0]} --help)");
        }
        Directory.CreateDirectory(_scratch.Path("out"));
        var labels = _scratch.Write("out/features.csv", "file,category\n");
        Tool.Run("images", _scratch.Folder, "-k", "1", "--labels", labels, "-o", _scratch.Path("out"))
            .Fails(2, $"-o is '{labels}', the same file as '{labels}'; another file is required (see gmm images --help)");
        Assert.Equal(before, _scratch.Files.Select(file => File.ReadAllBytes(_scratch.Path(file))));
    }

    private string Photo()
    {
        var photo = _scratch.Path("photo.png");
        PhotoFile.WritePng(photo, 2, 1, [255, 0, 0, 0, 0, 255]);
        return photo;
    }

    private string[][] DataCommands(string data)
    {
        var model = _scratch.Model();
        return
        [
            ["fit", data, "-k", "1", "-o", _scratch.Path("out.json")], ["fit", data, "--init", model, "-o", _scratch.Path("out.json")],
            ["score", model, data], ["predict", model, data, "-o", _scratch.Path("out.csv")], ["plot", model, data, "-o", _scratch.Path("out.png")],
            ["fit", data, "--continue", model, "-o", _scratch.Path("out.json")], ["compare", model, model, data],
            ["select", data, "-k", "1", "-o", _scratch.Path("out.json")],
        ];
    }

    private string[][] ModelCommands(string model) =>
    [
        ["info", model], ["score", model, Tool.Faithful], ["predict", model, Tool.Faithful, "-o", _scratch.Path("out.csv")],
        ["sample", model, "-n", "1", "-o", _scratch.Path("out.csv")], ["generate", model, "-n", "1", "-o", _scratch.Path("out.csv")],
        ["plot", model, Tool.Faithful, "-o", _scratch.Path("out.png")], ["fit", Tool.Faithful, "--init", model, "-o", _scratch.Path("out.json")],
        ["fit", Tool.Faithful, "--continue", model, "-o", _scratch.Path("out.json")], ["compare", model, model], ["compare", model, model, Tool.Faithful],
        ["export", model, "-o", _scratch.Path("out.onnx")], ["export", model, "-o", _scratch.Path("out.npz")],
        ["segment", Photo(), "--init", model, "-o", _scratch.Path("out.png")], ["images", _scratch.Folder, "--init", model, "-o", _scratch.Path("out")],
    ];
}

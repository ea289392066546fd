namespace Gmm.Data.Tests.Streaming;

/// <summary>A folder of files that is gone after the test.</summary>
internal sealed class Files : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-data-").FullName;

    internal string Path(string name) => System.IO.Path.Combine(_folder, name);

    internal string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    /// <summary>Numbers of a dtype as a file holds them, row-major or column-major.</summary>
    internal static byte[] Array(string descr, double[] values, int columns, bool fortran)
    {
        var rows = values.Length / columns;
        var bytes = new List<byte>();
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[fortran ? i % rows * columns + i / rows : i];
            var item = descr[1..] switch
            {
                "f8" => BitConverter.GetBytes(value),
                "f4" => BitConverter.GetBytes((float)value),
                "f2" => BitConverter.GetBytes((Half)value),
                "i4" => BitConverter.GetBytes((int)value),
                "u2" => BitConverter.GetBytes((ushort)value),
                _ => [(byte)value],
            };
            bytes.AddRange(descr[0] == '>' ? item.Reverse() : item);
        }
        return Samples.Npy(descr, FormattableString.Invariant($"({rows}, {columns})"), [.. bytes], fortran);
    }

    /// <summary>Random small whole numbers, which every dtype holds.</summary>
    internal static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(200))];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

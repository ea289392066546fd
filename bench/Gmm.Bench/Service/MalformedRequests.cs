using System.Text;

namespace Gmm.Bench.Service;

/// <summary>Requests that no client should send, each another one: damaged JSON, wrong shapes, wrong types, wrong lengths.</summary>
internal static class MalformedRequests
{
    private const string Json = "application/json";
    private const string Binary = "application/octet-stream";

    /// <summary>Makes a request.</summary>
    /// <param name="number">Its number; the same number gives the same request.</param>
    /// <param name="dimension">The columns of the model.</param>
    public static byte[] Make(int number, int dimension)
    {
        var random = new Random(number);
        var row = $"[{string.Join(',', Enumerable.Range(0, dimension).Select(_ => random.Next(-9, 9)))}]";
        var valid = $"{{\"rows\":[{string.Join(',', Enumerable.Repeat(row, random.Next(1, 20)))}]}}";
        return (number % 12) switch
        {
            0 => Text(valid[..random.Next(valid.Length)]),
            1 => Text(valid.Replace(row, row.Insert(1, "null,"), StringComparison.Ordinal)),
            2 => Text(valid.Insert(random.Next(9, valid.Length - 1), "NaN")),
            3 => Text("{\"rows\":" + new string('[', random.Next(2, 60_000))),
            4 => Text($"{{\"rows\":[[{string.Join(',', Enumerable.Repeat("1", dimension + random.Next(1, 9)))}]]}}"),
            5 => Text($"{{\"rows\":[[\"{new string('x', random.Next(100_000))}\"]]}}"),
            6 => LoadShape.Bytes("", Json, Noise(random, random.Next(1, 5_000))),
            7 => LoadShape.Bytes($"?columns={dimension}", Binary, new byte[random.Next(1, 500) * 8 * dimension + random.Next(1, 8)]),
            8 => LoadShape.Bytes($"?columns={dimension}", Binary, [.. Enumerable.Repeat((byte)255, 8 * dimension * random.Next(1, 50))]),
            9 => LoadShape.Bytes($"?outputs={new string('y', random.Next(500))}", Json, Encoding.UTF8.GetBytes(valid)),
            10 => LoadShape.Bytes("", $"text/x{random.Next()}", Encoding.UTF8.GetBytes(valid)),
            _ => Text(valid + valid),
        };

        static byte[] Text(string body) => LoadShape.Bytes("", Json, Encoding.UTF8.GetBytes(body));
    }

    // The first byte is of no JSON text.
    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        bytes[0] = 1;
        return bytes;
    }
}

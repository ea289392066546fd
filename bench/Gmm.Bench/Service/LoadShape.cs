using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Gmm.Bench.Service;

/// <summary>A request of so many rows in one of the two forms, and its bytes.</summary>
internal sealed record LoadShape(string Form, int Rows, byte[] Request)
{
    public const string Model = "load";

    public static LoadShape Json(double[] points, int dimension, int rows)
    {
        var text = string.Join(',', points[..(rows * dimension)].Chunk(dimension).Select(row => $"[{string.Join(',', row.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]"));
        return new LoadShape("JSON", rows, Bytes("", "application/json", Encoding.UTF8.GetBytes($"{{\"rows\":[{text}]}}")));
    }

    public static LoadShape Binary(double[] points, int dimension, int rows) => new(
        "binary", rows, Bytes($"?columns={dimension}", "application/octet-stream", MemoryMarshal.AsBytes(points.AsSpan(0, rows * dimension)).ToArray()));

    /// <summary>The bytes of a request.</summary>
    public static byte[] Bytes(string query, string contentType, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /v1/models/{Model}/score{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n"),
        .. body,
    ];
}

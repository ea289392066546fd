using Gmm.Data;
using Gmm.Data.Models;
using Gmm.Fast;

namespace Gmm.Fuzz;

/// <summary>Models of other systems, from a file and from a pipe, which must agree; what is read can be written and read again.</summary>
internal static class ForeignModelReading
{
    private const string Name = "model";

    private static readonly string[] s_arrays =
    [
        "PK\u0001\u0002", "PK\u0003\u0004", "\0\0", ".npy", "weights_", "means_", "covariances_", "covariance_type", "feature_names_in_", "'shape': (2,)",
        "'shape': ()", "'<f4'", "'<U4'", "'fortran_order': True", "\u0093NUMPY",
    ];

    private static readonly string[] s_members =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\ud800", "null", "1e999", "-1", "0", "\"modelName\"", "\"d\"", "\"G\"", "\"pro\"", "\"mean\"", "\"sigma\"", "\"Vinv\"",
        "\"VVV\"", "\"EEI\"", "\"V\"", "[[1]]", "[1]",
    ];

    /// <summary>Fitted attributes of scikit-learn. An entry of the archive's list takes 46 bytes, and some hundred as an object with its name.</summary>
    internal static Reader ScikitLearn { get; } = new("sklearn", s_arrays, typeof(TableFormatException), File, Pipe) { Check = Check, BytesPerByte = 40 };

    /// <summary>Parameters of mclust. The parser's table has 12 bytes for each token, and a number of two bytes is 8 as a double, in lists that grow.</summary>
    internal static Reader Mclust { get; } = new("mclust", s_members, typeof(TableFormatException), File, Pipe) { Check = Check, BytesPerByte = 48 };

    private static GaussianMixture File(byte[] bytes) => ForeignModel.Read(new MemoryStream(bytes), Name);

    private static GaussianMixture Pipe(byte[] bytes) => ForeignModel.Read(new Pipe(bytes), Name);

    private static string? Check(object?[] answers)
    {
        var (file, pipe) = ((GaussianMixture?)answers[0], (GaussianMixture?)answers[1]);
        if (file?.ToJson() != pipe?.ToJson()) return "file and pipe differ";
        if (file is null) return null;
        foreach (var write in (ReadOnlySpan<Action<Stream>>)[stream => ScikitLearnModel.Write(stream, file), stream => MclustModel.Write(stream, file)])
        {
            using var stream = new MemoryStream();
            write(stream);
            stream.Position = 0;
            var again = ForeignModel.Read(stream, Name);
            if (!again.Means.SequenceEqual(file.Means) || !again.Weights.SequenceEqual(file.Weights)) return "the model, written and read again, differs";
        }
        return null;
    }
}

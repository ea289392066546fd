using System.Globalization;
using System.Text;

namespace Gmm.Fast.Tests;

/// <summary>Checks the message for each document that is not a model: the place, the value and the requirement.</summary>
public class JsonErrorTests
{
    // A good document with one part replaced: "part=text".
    private static readonly (string Part, string Text)[] s_good =
    [
        ("format", "\"gmm-model\""), ("version", "1"), ("covarianceType", "\"full\""), ("weights", "[0.5, 0.5]"), ("means", "[[1, 2], [3, 4]]"),
        ("covariances", "[[[1, 0], [0, 1]], [[2, 0], [0, 2]]]"), ("columns", "[\"a\", \"b\"]"), ("fit", Fit()),
    ];

    public static TheoryData<string, string, string> BadModels => new()
    {
        { "format", "\"other\"", "format is 'other'; 'gmm-model' is required" },
        { "format", "7", "format is a number; a string is required" },
        { "version", "2", "version is 2; this program reads version 1" },
        { "version", "\"1\"", "version is a string; a number is required" },
        { "covarianceType", "\"round\"", "covarianceType is 'round'; full, tied, diag, spherical, tied-diag, tied-spherical are possible" },
        { "covarianceType", "null", "covarianceType is null; a string is required" },
        { "covarianceType", "", "the document has no 'covarianceType'" },
        { "weights", "", "the document has no 'weights'" },
        { "weights", "[]", "weights is empty; one weight per component is required" },
        { "weights", "0.5", "weights is a number; an array is required" },
        { "weights", "[0.5, \"0.5\"]", "weights[1] is a string; a number is required" },
        { "weights", "[0.5, null]", "weights[1] is null; a number is required" },
        { "weights", "[0.5, 1e999]", "weights[1] is 1e999; a number in the range of a double is required" },
        { "weights", "[0.5, 0.6]", "weights sum to 1.1; 1 is required" },
        { "weights", "[1.5, -0.5]", "weights[1] is -0.5; at least 0 is required" },
        { "means", "", "the document has no 'means'" },
        { "means", "[[1, 2]]", "means has 1 entries; 2 are required" },
        { "means", "[[1, 2], [3]]", "means[1] has 1 entries; 2 are required" },
        { "means", "[[], []]", "means[0] is empty; one number per dimension is required" },
        { "means", "[1, 2]", "means[0] is a number; an array is required" },
        { "means", "[[1, 2], [3, true]]", "means[1][1] is true or false; a number is required" },
        { "means", "[[1, 2], [3, [4]]]", "means[1][1] is an array; a number is required" },
        { "means", "{\"a\": 1}", "means is an object; an array is required" },
        { "covariances", "", "the document has no 'covariances'" },
        { "covariances", "[[1, 0], [0, 1]]", "covariances[0][0] is a number; an array is required" },
        { "covariances", "[[[1, 0], [0, 1]]]", "covariances has 1 entries; 2 are required" },
        { "covariances", "[[[1, 0], [0, 1]], [[2, 0], [0]]]", "covariances[1][1] has 1 entries; 2 are required" },
        { "covariances", "[[[1, 0], [0, 1]], [[2, 0.1], [0, 2]]]", "covariances: component 1 is not symmetric: [1, 0] is 0, [0, 1] is 0.1" },
        { "covariances", "[[[1, 0], [0, 1]], [[2, 3], [3, 2]]]",
            "covariances: component 1 is not positive definite, pivot 1 is -2.499999999999999; a positive one is required" },
        { "covariances", "[[[1, 1], [1, 1]], [[2, 0], [0, 2]]]",
            "covariances: component 0 is not positive definite, pivot 1 is 0; a positive one is required" },
        { "columns", "[\"a\"]", "columns has 1 entries; 2 are required" },
        { "columns", "[\"a\", 2]", "columns[1] is a number; a string is required" },
        { "columns", "null", "columns is null; an array is required" },
        { "fit", "3", "fit is a number; an object is required" },
        { "fit", "null", "fit is null; an object is required" },
        { "fit", "{}", "fit has no 'tolerance'" },
        { "fit", Fit("seed", "0, \"columnVariances\": [1]"), "fit.columnVariances has 1 entries; 2 are required" },
        { "fit", Fit("seed", "0, \"columnVariances\": [1, -2]"), "fit.columnVariances has -2; at least 0 is required" },
        { "fit", Fit("seed", "0, \"columnVariances\": [1, 2]"), "fit has no 'columnMeans'" },
        { "fit", Fit() + ", \"round\": []", "round is an array; an object is required" },
        { "fit", Fit() + ", \"round\": {\"trace\": [1, null]}", "round.trace[1] is null; a number is required" },
        { "fit", Fit() + ", \"round\": {\"trace\": []}", "round has no 'tolerance'" },
        { "fit", Fit("status", "\"done\""), "fit.status is 'done'; converged, maxIterations, cancelled, collapsed, timeBudget are possible" },
        { "fit", Fit("points", "0"), "fit.points is 0; at least 1 is required" },
        { "fit", Fit("points", "2.5"), "fit.points is 2.5; a whole number is required" },
        { "fit", Fit("points", "\"9\""), "fit.points is a string; a whole number is required" },
        { "fit", Fit("trace", "[]"), "fit.trace is empty; the log-likelihood of the initial parameters is required" },
        { "fit", Fit("trace", "[1, \"x\"]"), "fit.trace[1] is a string; a number is required" },
        { "fit", Fit("stop", "\"never\""), "fit.stop is 'never'; mean, total, fixed, statistical are possible" },
        { "fit", Fit("tolerance", "-1"), "fit.tolerance is -1; at least 0 is required" },
        { "fit", Fit("regularization", "-0.5"), "fit.regularization is -0.5; at least 0 is required" },
        { "fit", Fit("seed", "99999999999999999999"), "fit.seed is 99999999999999999999; a whole number is required" },
        { "fit", Fit("components", "[]"), "fit.components has 0 entries; 2 are required" },
        { "fit", Fit("components", "[{}, {}]"), "fit.components[0] has no 'effectiveCount'" },
        { "fit", Fit("components", "[1, 2]"), "fit.components[0] is a number; an object is required" },
        { "fit", Fit("recoveries", "{}"), "fit.recoveries is an object; an array is required" },
        { "fit", Fit("recoveries", "[{}]"), "fit.recoveries[0] has no 'iteration'" },
        { "fit", Fit("recoveries", "[{\"iteration\": 0}]"), "fit.recoveries[0].iteration is 0; at least 1 is required" },
        { "fit", Fit("recoveries", "[{\"iteration\": 3000000000}]"), "fit.recoveries[0].iteration is 3000000000; at most 2147483647 is required" },
        { "fit", Fit("recoveries", "[{\"iteration\": 1, \"component\": -1}]"), "fit.recoveries[0].component is -1; at least 0 is required" },
        { "fit", Fit("recoveries", "[{\"iteration\": 1, \"action\": \"skip\"}]"),
            "fit.recoveries[0].action is 'skip'; fail, keep, reseed, drop are possible" },
        { "fit", Fit("recoveries", "[{\"iteration\": 1, \"action\": \"keep\"}]"), "fit.recoveries[0] has no 'cause'" },
    };

    public static TheoryData<string, string> BadTexts => new()
    {
        { "", "line 1, byte 1: not a JSON document: " },
        { "weights: 3", "line 1, byte 1: not a JSON document: " },
        { "{\"weights\": [1,\n 2,,]}", "line 2, byte 4: not a JSON document: " },
        { "{\"weights\": [NaN]}", "line 1, byte 14: not a JSON document: " },
        { "{\"weights\": [Infinity]}", "line 1, byte 14: not a JSON document: " },
        { "{\"weights\": [1], // comment\n}", "line 1, byte 18: not a JSON document: " },
        { "{\"weights\": [1]} x", "line 1, byte 18: not a JSON document: " },
        { "{\"weights\": [1]", "line 1, byte 16: not a JSON document: " },
        { "{\"weights\": [01]}", "line 1, byte 15: not a JSON document: " },
        { "[1, 2]", "the document is an array; an object is required" },
        { "null", "the document is null; an object is required" },
        { "\"text\"", "the document is a string; an object is required" },
    };

    [Fact]
    public void TheUnchangedDocumentIsGood()
    {
        var model = GaussianMixture.FromJson(Document());
        Assert.Equal(2, model.ComponentCount);
        Assert.NotNull(FitResult.Load(new MemoryStream(Encoding.UTF8.GetBytes(Document()))));
    }

    [Theory]
    [MemberData(nameof(BadModels))]
    public void EveryWrongPartIsNamed(string part, string text, string message)
    {
        var document = Document(part, text);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(document)).Message);
        var stream = new MemoryStream(Encoding.UTF8.GetBytes(document));
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => FitResult.Load(stream)).Message);
    }

    [Theory]
    [MemberData(nameof(BadTexts))]
    public void TextThatIsNoJsonIsPointedAt(string text, string start) =>
        Assert.StartsWith(start, Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(text)).Message);

    [Fact]
    public void AKeyThatComesTwiceIsRefused()
    {
        var message = Assert.Throws<InvalidDataException>(
            () => GaussianMixture.FromJson(Document().Replace("\"version\"", "\"weights\": [1], \"version\""))).Message;
        Assert.Contains("weights", message);
        Assert.StartsWith("not a JSON document: ", message);
    }

    [Fact]
    public void BytesThatAreNotUtf8AreRefused()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Document().Replace("\"a\"", "\"?\""));
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        Assert.Throws<InvalidDataException>(() => GaussianMixture.Load(new MemoryStream(bytes)));
    }

    [Fact]
    public void AMarkAndOtherLineEndsChangeNothing()
    {
        byte[] marked = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Document().Replace(", ", ",\r\n"))];
        Measures.SameBits(GaussianMixture.FromJson(Document()), GaussianMixture.Load(new MemoryStream(marked)));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void Utf16IsNamed(bool bigEndian, bool mark)
    {
        var encoding = new UnicodeEncoding(bigEndian, mark);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(Document())];
        Assert.Equal("the document is UTF-16; UTF-8 is required",
            Assert.Throws<InvalidDataException>(() => GaussianMixture.Load(new MemoryStream(bytes))).Message);
    }

    [Theory]
    [InlineData("", '\0', "line 1, byte 1: not a JSON document: ")]
    [InlineData("{\"weights\": [1", '\0', "line 1, byte 15: not a JSON document: ")]
    [InlineData("{\"weights\": [1", ' ', "not a JSON document: byte 15 is followed by more than 16 MiB without an end")]
    [InlineData("{\"weights\": [1", '1', "not a JSON document: byte 14 is followed by more than 16 MiB without an end")]
    [InlineData("{\"weights\": [1", ',', "an array has more than 16777216 numbers; no model has so many")]
    [InlineData("{\"weights", 'x', "not a JSON document: byte 2 is followed by more than 16 MiB without an end")]
    public void ALineWithoutEndIsRefusedBeforeItFillsTheMemory(string start, char rest, string message)
    {
        // Of a comma, "1,1,1,...".
        using var endless = new Endless(start, rest == ',' ? ",1"u8.ToArray() : [(byte)rest]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => GaussianMixture.Load(endless)).Message);
        Assert.InRange(endless.Given, 1, 36 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 << 20);
    }

    [Fact]
    public void ALongDocumentComesInPieces()
    {
        // Beyond a piece of 1 MiB, from a stream that gives little at a time.
        var means = string.Join(",", Enumerable.Range(0, 60_000).Select(j => $"[{j}.0625]"));
        var json = $"{{\"covarianceType\":\"tied\",\"weights\":[{string.Join(",", Enumerable.Repeat("0", 59_999))},1],\"means\":[{means}],\"covariances\":[[1]]{new string(' ', 1 << 20)}}}";
        using var stream = new Endless(json, null);
        var model = GaussianMixture.Load(stream);
        Assert.Equal((60_000, 59_999.0625), (model.ComponentCount, model.Means[^1]));
    }

    [Fact]
    public void HalfASurrogatePairInANameIsRefused() => Assert.Equal("not a JSON document: a name is not valid Unicode text",
        Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(Document().Replace("\"version\"", "\"\\ud800\": 1, \"version\""))).Message);

    [Fact]
    public void MessagesAreOneLineOfBoundedLength()
    {
        var name = new string('x', 1_000_000);
        foreach (var document in (string[])[Document("format", $"\"a\\n{name}\""), Document("covarianceType", $"\"{name}\""), $"{{\"a\": x\n\u0001{name}}}"])
        {
            var message = Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(document)).Message;
            Assert.InRange(message.Length, 1, 500);
            Assert.DoesNotContain(message, char.IsControl);
        }
    }

    [Fact]
    public void MemoryIsThatOfTheParserAndTheNumbers()
    {
        // 24 bytes a number in the parser's growing tables and 8 in the vector; the place of each, as text, would be another hundred.
        var document = Encoding.UTF8.GetBytes(Document("weights", $"[{string.Join(",", Enumerable.Repeat("1", 400_000))}]"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("means has 2 entries; 400000 are required",
            Assert.Throws<InvalidDataException>(() => GaussianMixture.Load(new MemoryStream(document))).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32L * document.Length);
    }

    [Fact]
    public void TheCultureOfTheThreadChangesNoMessage()
    {
        var before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NegativeSign) = (",", "~");
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.Equal("version is 1.5; this program reads version 1",
                Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(Document("version", "1.5"))).Message);
            Assert.Equal("weights sum to 0.75; 1 is required",
                Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(Document("weights", "[0.5, 0.25]"))).Message);
            var model = GaussianMixture.FromJson(Document("means", "[[-1.5, 2], [3, 4]]"));
            Assert.Contains("[-1.5, 2]", model.ToJson());
            Assert.Equal(-1.5, GaussianMixture.FromJson(model.ToJson()).Means[0]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("columns", "[\"\\ud800\", \"b\"]")]
    [InlineData("covarianceType", "\"\\udc00\"")]
    public void HalfASurrogatePairIsRefused(string part, string text) =>
        Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(Document(part, text)));

    private static string Document(string? part = null, string text = "") => "{" + string.Join(", ", s_good
        .Select(good => good.Part == part ? (good.Part, Text: text) : good).Where(p => p.Text.Length > 0).Select(p => $"\"{p.Part}\": {p.Text}")) + "}";

    private static string Fit(string? part = null, string text = "")
    {
        (string Part, string Text)[] good =
        [
            ("status", "\"converged\""), ("iterations", "1"), ("converged", "true"), ("points", "10"), ("trace", "[-5, -4.5]"), ("stop", "\"mean\""),
            ("tolerance", "0.001"), ("regularization", "1e-6"), ("seed", "0"),
            ("components", "[{\"effectiveCount\": 5, \"conditionNumber\": 1, \"regularizationShare\": 0}, {\"effectiveCount\": 5, \"regularizationShare\": 0}]"),
            ("recoveries", "[{\"iteration\": 1, \"action\": \"keep\", \"cause\": \"a collapse\"}]"),
        ];
        return "{" + string.Join(", ", good.Select(p => $"\"{p.Part}\": {(p.Part == part ? text : p.Text)}")) + "}";
    }

    /// <summary>A start, then the same bytes for ever, or nothing; little at a time.</summary>
    private sealed class Endless(string start, byte[]? rest) : MemoryStream(Encoding.UTF8.GetBytes(start))
    {
        private int _at;

        public long Given { get; private set; }

        // Also what the other forms of reading end in.
        public override int Read(byte[] buffer, int offset, int count)
        {
            var most = Math.Min(count, 50_000);
            var read = base.Read(buffer, offset, most);
            for (; read < most && rest is not null && Position == Length; read++) buffer[offset + read] = rest[_at++ % rest.Length];
            Given += read;
            return read;
        }
    }
}

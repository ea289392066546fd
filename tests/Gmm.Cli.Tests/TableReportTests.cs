using Gmm.Data;

namespace Gmm.Cli.Tests;

/// <summary>Tables as people have them, after public reports: each is fitted as what it is, and one line says what was left out.</summary>
public sealed class TableReportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("f05_id_and_class/patients.csv", "80 points of 3 columns; left out: id (text), diagnosis (text)")]
    [InlineData("f10_air_quality/air.csv",
        "80 points of 4 columns; left out: Date (dates or times), Time (dates or times); 2 empty columns at the end passed over; "
            + "4 rows without any value passed over")]
    [InlineData("f16_trailing_comma/both.csv", "100 points of 2 columns; 1 empty column at the end passed over")]
    [InlineData("f16_trailing_comma/noheader.csv", "100 points of 2 columns; 1 empty column at the end passed over")]
    [InlineData("r01_pandas_index/frame.csv", "100 points of 4 columns; left out: column 1 (counts the rows, without a name)")]
    [InlineData("r01d_r_write_csv/frame.csv", "100 points of 2 columns; left out: column 1 (counts the rows, without a name)")]
    public void WhatIsLeftOutIsSaidInOneLine(string report, string line)
    {
        var result = Tool.Run("fit", Report(report), "-k", "2", "--json");

        // A number that stands for missing values has a line before it.
        const string Code = "CO(GT) is -200 in 5 rows, far from all others; --na -200 makes it a missing value";
        var said = result.Error.Split(Environment.NewLine).SkipWhile(text => text.EndsWith(Code, StringComparison.Ordinal));
        Assert.Equal($"gmm: {Report(report)}: {line}", said.First());
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("r01_pandas_index/frame.csv", 100, "0,1,2,3", -472.79)]
    [InlineData("r01b_pandas_numeric_header/frame.csv", 100, "0,1,2,3", -472.79)]
    [InlineData("r01d_r_write_csv/frame.csv", 100, "len,wid", -270.37)]
    [InlineData("f05_id_and_class/patients.csv", 80, "age,bmi,glucose", -923.97)]
    [InlineData("f10_air_quality/air.csv", 80, "CO(GT),T,RH,AH", null)]
    [InlineData("f15_gzip/data.csv.gz", 100, "a,b", -581.08)]
    [InlineData("f16_trailing_comma/rows.csv", 100, "a,b", -581.08)]
    [InlineData("f16_trailing_comma/both.csv", 100, "a,b", -581.08)]
    [InlineData("f16_trailing_comma/noheader.csv", 100, null, -581.08)]
    [InlineData("r04_numeric_ids/coverage.csv --columns s1,s2,s3", 300, "s1,s2,s3", -396.64)]
    [InlineData("r04_numeric_ids/coverage.csv --columns 2-4", 300, "s1,s2,s3", -396.64)]
    [InlineData("r04_numeric_ids/coverage.csv --exclude contig", 300, "s1,s2,s3", -396.64)]
    [InlineData("r21_tsv_named_csv/data.csv", 50, null, null)]
    [InlineData("r21_tsv_named_csv/header.csv", 50, "a,b,c", null)]
    [InlineData("r23_float16/emb.npy", 120, null, null)]
    [InlineData("r27_semicolons/wine.csv", 100, "fixed acidity,volatile acidity,citric acid", null)]
    [InlineData("r27b_semicolons_decimal_comma/wein.csv", 100, "Säure,flüchtige Säure,Zitronensäure", null)]
    [InlineData("r30_spaces/data.txt", 120, null, null)]
    [InlineData("r30_spaces/savetxt.txt", 120, "x,y,z", null)]
    [InlineData("f01_uci_question_mark/cancer.data --missing drop", 118, null, null)]
    [InlineData("f03_auto_mpg/auto-mpg.txt --missing drop", 58, null, null)]
    [InlineData("r24_missing_values/doses.csv --missing drop", 40, "dose,error", null)]
    [InlineData("r24_missing_values/doses.csv --missing marginalize", 41, "dose,error", null)]
    [InlineData("f03_auto_mpg/auto-mpg.txt --missing marginalize", 60, null, null)]
    public void TheTableIsWhatItIs(string arguments, int points, string? names, double? total)
    {
        var words = arguments.Split(' ');
        var fit = Tool.Run(["fit", Report(words[0]), "-k", "2", "--reg-covar", "1e-6", "--json", .. words[1..]]).Fit();
        Assert.Equal(points, fit.Points);
        Assert.Equal(names, fit.Model.ColumnNames is { } columns ? string.Join(',', columns) : null);
        if (total is { } expected) Assert.Equal(expected, fit.TotalLogLikelihood, 0.01);
    }

    [Fact]
    public void DecimalCommasAreTheNumbersTheyAre()
    {
        var table = TableFile.Read(Report("r27b_semicolons_decimal_comma/wein.csv"));
        Assert.Equal([7.6272, 0.3388, 0.3965, 6.4589, 0.3434, 0.2832], table.Values[..6]);
    }

    [Fact]
    public void AnIndexWithoutANameIsNoDimension()
    {
        var fit = Tool.Run("fit", Report("r01_pandas_index/frame.csv"), "-k", "2", "--json").Fit();
        Assert.Equal([40, 60], fit.Components.Select(component => Math.Round(component.EffectiveCount, 2)).Order());
    }

    [Fact]
    public void AColumnThatCountsTheRowsIsNamed()
    {
        var data = Report("r04_numeric_ids/coverage.csv");
        Assert.StartsWith($"gmm: warning: {data}: contig counts the rows from 100001 to 100300, as a number of the row does; --exclude contig leaves it out",
            Tool.Run("fit", data, "-k", "2").Error, StringComparison.Ordinal);
        Assert.DoesNotContain("contig", Tool.Run("fit", data, "-k", "2", "--columns", "s1,s2,s3").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r24_missing_values/doses.csv", ":42: column 1 (dose): 'NA' stands for a missing value; 1 value in 1 of 41 rows is missing")]
    [InlineData("f01_uci_question_mark/cancer.data", ":24: column 7: '?' stands for a missing value; 2 values in 2 of 120 rows are missing")]
    [InlineData("f03_auto_mpg/auto-mpg.txt", ":12: column 4: '?' stands for a missing value; 2 values in 2 of 60 rows are missing")]
    public void AMissingValueIsAnErrorWithItsPlaceUntilItIsDropped(string report, string problem) =>
        Tool.Run("fit", Report(report), "-k", "2").Fails(3, $"{Report(report)}{problem}; --missing drop leaves such rows out, --missing marginalize uses the values that they have");

    [Fact]
    public void RowsThatAreDroppedAreCounted()
    {
        var data = Report("r24_missing_values/doses.csv");
        var result = Tool.Run("fit", data, "-k", "2", "--missing", "drop", "--json");
        Assert.StartsWith($"gmm: {data}: 40 points of 2 columns; 1 of 41 rows left out for missing values", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnArrayOnItsSideIsAskedFor()
    {
        var data = _scratch.Path("side.npy");
        TableFile.Write(data, new NumericTable([.. Enumerable.Range(0, 500).Select(i => Math.Sin(i))], 500));
        Tool.Run("fit", data, "-k", "2").Fails(3,
            $"{data} has 1 row; -k 2 needs at least 2; it is one row of 500 columns: if these are points of one column, transpose it");
    }

    [Theory]
    [InlineData("EXTRA;Waiting;ERUPTIONS\nx;{1};{0}\n", ';')]
    [InlineData("waiting Eruptions\n{1} {0}\n", ' ')]
    public void NamesOfAModelAreFoundInAnyCaseAndOrder(string pattern, char separator)
    {
        var model = _scratch.Model();
        var lines = pattern.Split('\n');
        var data = _scratch.Write("other.dat", string.Join('\n', [lines[0], .. File.ReadLines(Tool.Faithful).Skip(1)
            .Select(line => string.Format(null, lines[1], [.. line.Split(',')]))]));
        Assert.Equal(Tool.Run("score", model, Tool.Faithful).Clean().Output, Tool.Run("score", model, data).Clean().Output);
        Assert.Equal(Tool.Run("score", model, Tool.Faithful).Clean().Output,
            Tool.Run("score", model, data, "--separator", separator.ToString(), "--header", "yes").Clean().Output);
    }

    [Fact]
    public void EveryCommandTakesTheOptionsOfATable()
    {
        var model = _scratch.Model();
        var data = _scratch.Write("t.prn", "eruptions|waiting\n1,5|60\n-9|70\n2,5|80,5\n");
        string[] options = ["--separator", "pipe", "--decimal", ",", "--na=-9", "--missing", "drop", "--header", "yes", "--encoding", "latin1"];
        foreach (var command in (string[][])[["fit", data, "-k", "1"], ["score", model, data], ["predict", model, data], ["plot", model, data, "-o", _scratch.Path("p.png")]])
        {
            var result = Tool.Run([.. command, .. options]);
            Assert.StartsWith($"gmm: {data}: 2 points of 2 columns; 1 of 3 rows left out for missing values", result.Error, StringComparison.Ordinal);
            Assert.Equal(0, result.ExitCode);
        }
    }

    [Theory]
    [InlineData("--separator ab", "--separator is 'ab'; one character, or comma, semicolon, tab, pipe or space is required")]
    [InlineData("--separator 1", "--separator is '1'; one character, or comma, semicolon, tab, pipe or space is required")]
    [InlineData("--decimal ;", "--decimal is ';'; . or , is required")]
    [InlineData("--missing keep", "--missing is 'keep'; error, drop or marginalize is required")]
    [InlineData("--header maybe", "--header is 'maybe'; auto, yes or no is required")]
    [InlineData("--encoding klingon", "--encoding is 'klingon'; an encoding that .NET knows is required, such as utf-8, latin1 or windows-1252")]
    [InlineData("--na a,,b", "--na is 'a,,b'; texts separated by commas are required")]
    [InlineData("--exclude ,", "--exclude is ','; names or numbers separated by commas are required")]
    public void OptionsThatMeanNothingAreRefused(string options, string line)
    {
        foreach (var command in (string[])["fit x.csv -k 2", "score m.json x.csv", "predict m.json x.csv", "plot m.json x.csv"])
            Tool.Run([.. command.Split(' '), .. options.Split(' ')]).Fails(2, $"{line} (see gmm {command.Split(' ')[0]} --help)");
    }

    private static string Report(string path) => Path.Combine(AppContext.BaseDirectory, "Reports", path);
}

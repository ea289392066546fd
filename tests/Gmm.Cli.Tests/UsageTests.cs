namespace Gmm.Cli.Tests;

/// <summary>Exit code 2: one line, and where to read more.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("", "required command was not provided", "gmm --help")]
    [InlineData("fti", "unrecognized command or argument 'fti'", "gmm --help")]
    [InlineData("fit", "required argument 'DATA' missing for command: 'fit'", "gmm fit --help")]
    [InlineData("fit x.csv", "-k, the number of components, is required unless --init names a model", "gmm fit --help")]
    [InlineData("fit x.csv --init points", "-k, the number of components, is required unless --init names a model", "gmm fit --help")]
    [InlineData("plot m.json x.csv y.csv", "unrecognized command or argument 'y.csv'", "gmm plot --help")]
    [InlineData("fit x.csv -k 2 --bogus", "unrecognized command or argument '--bogus'", "gmm fit --help")]
    [InlineData("fit x.csv -k", "required argument missing for option: '-k'", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 -k 3", "option '-k' expects a single argument but 2 were provided", "gmm fit --help")]
    [InlineData("fit x.csv -k two", "-k is 'two'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 0", "-k is '0'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2,000", "-k is '2,000'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 99999999999", "-k is '99999999999'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --restarts 0", "--restarts is '0'; a whole number of at least 1 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --threads 0", "--threads is '0'; a whole number of at least 1 is required", "gmm fit --help")]
    [InlineData("predict m.json x.csv --threads 0", "--threads is '0'; a whole number of at least 1 is required", "gmm predict --help")]
    [InlineData("score m.json x.csv --threads 0", "--threads is '0'; a whole number of at least 1 is required", "gmm score --help")]
    [InlineData("fit x.csv -k 2 --max-iter -1", "--max-iter is '-1'; a whole number of at least 0 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --seed 1.5", "--seed is '1.5'; a whole number is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --tol -1e-3", "--tol is '-1e-3'; a finite number of at least 0 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --tol NaN", "--tol is 'NaN'; a finite number of at least 0 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --variance-floor 1", "--variance-floor is 1; a number of at least 0 and below 1 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --on-collapse stop", "--on-collapse is 'stop'; fail, keep, reseed or drop is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --accelerate fast", "--accelerate is 'fast'; none, quasi-newton, anderson or squarem is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --progressive yes", "--progressive is 'yes'; auto, off or on is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --reg-covar 1,5", "--reg-covar is '1,5'; a finite number of at least 0 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --stop never", "--stop is 'never'; mean, total, fixed or statistical is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --covariance Full",
        "--covariance is 'Full'; full, tied, diag, spherical, tied-diag or tied-spherical is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --init kmeans", "--init is 'kmeans'; small-em, kmeans++, points or a model file is required", "gmm fit --help")]
    [InlineData("fit x.csv --init m.json --restarts 2",
        "--restarts is 2; every start from 'm.json' would be the same, so 1 is required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --columns a,,b", "--columns is 'a,,b'; names or numbers separated by commas are required", "gmm fit --help")]
    [InlineData("fit x.csv -k 2 --responsibilities r.json",
        "--responsibilities is 'r.json'; a path that ends in .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required", "gmm fit --help")]
    [InlineData("predict m.json", "required argument 'DATA' missing for command: 'predict'", "gmm predict --help")]
    [InlineData("predict m.json x.csv -o p", "-o is 'p'; a path that ends in .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required", "gmm predict --help")]
    [InlineData("predict m.json x.csv --anomaly 1", "--anomaly is '1'; a share above 0 and below 1 is required, as 1% or 0.01", "gmm predict --help")]
    [InlineData("predict m.json x.csv --anomaly 0%", "--anomaly is '0%'; a share above 0 and below 1 is required, as 1% or 0.01", "gmm predict --help")]
    [InlineData("predict m.json x.csv --anomaly 100%", "--anomaly is '100%'; a share above 0 and below 1 is required, as 1% or 0.01", "gmm predict --help")]
    [InlineData("predict m.json x.csv --anomaly NaN", "--anomaly is 'NaN'; a share above 0 and below 1 is required, as 1% or 0.01", "gmm predict --help")]
    [InlineData("compare a.json", "required argument 'B' missing for command: 'compare'", "gmm compare --help")]
    [InlineData("compare a.json b.json --columns x", "--columns are of DATA, which is missing", "gmm compare --help")]
    [InlineData("compare a.json b.json --samples 1", "--samples is '1'; a whole number of at least 2 is required", "gmm compare --help")]
    [InlineData("fit x.csv --continue m.json --init points", "--init is 'points' and --continue 'm.json'; one of them is required", "gmm fit --help")]
    [InlineData("fit x.csv --continue m.json --restarts 2", "--restarts is 2; a fit that goes on has one start, so 1 is required", "gmm fit --help")]
    [InlineData("fit x.csv --continue m.json --progressive on",
        "--progressive is on; a fit that goes on begins with all rows, so auto or off is required", "gmm fit --help")]
    [InlineData("sample m.json", "option '-n' is required", "gmm sample --help")]
    [InlineData("sample m.json -n 0", "-n is '0'; a whole number of at least 1 is required", "gmm sample --help")]
    [InlineData("sample m.json -n 2 -o p.xls", "-o is 'p.xls'; a path that ends in .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required", "gmm sample --help")]
    [InlineData("info", "required argument 'MODEL' missing for command: 'info'", "gmm info --help")]
    public void WrongUsageIsOneLineAndExitCode2(string arguments, string line, string help) =>
        Tool.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Fails(2, $"{line} (see {help})");

    [Theory]
    [InlineData("DATA is ''; a path is required", "fit", "", "-k", "2")]
    [InlineData("-o is ''; a path is required", "fit", "x.csv", "-k", "2", "-o", "")]
    [InlineData("--init is ''; a path is required", "fit", "x.csv", "--init", "")]
    public void AnEmptyPathIsRefused(string line, params string[] arguments) => Tool.Run(arguments).Fails(2, $"{line} (see gmm fit --help)");

    [Fact]
    public void OptionsMustAgreeWithTheModelToStartFrom()
    {
        using var scratch = new Scratch();
        var model = scratch.Model();
        Tool.Run("fit", Tool.Faithful, "--init", model, "-k", "3").Fails(2, $"-k is 3; {model} has 2 components (see gmm fit --help)");
        Tool.Run("fit", Tool.Faithful, "--init", model, "--covariance", "tied")
            .Fails(2, $"--covariance is tied; {model} has full (see gmm fit --help)");
    }

    [Theory]
    [InlineData("--help", "Exit codes: 0 done")]
    [InlineData("fit --help", "--reg-covar <V>")]
    [InlineData("predict -h", "log_density")]
    [InlineData("--version", "bits, compiled just in time, .NET 1")]
    public void HelpAndVersionAreNotErrors(string arguments, string text) =>
        Assert.Contains(text, Tool.Run(arguments.Split(' ')).Clean().Output);
}

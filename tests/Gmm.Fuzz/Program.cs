using System.Diagnostics;
using System.Globalization;
using Gmm.Fuzz;

// Damaged files for every reader: a value or the documented refusal comes out, in bounded time and memory, or the input is kept.
// --seconds S (default 60, shared by the readers)  --reader NAME (default all)  --seed N (default from the clock)  --out FOLDER
// --replay FILE reads one kept input again; its name starts with the reader's.
var options = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : "", StringComparer.Ordinal);
string[] known = ["--seconds", "--reader", "--seed", "--out", "--replay"];
if (options.Keys.Except(known).Any() || options.ContainsValue(""))
{
    Console.Error.WriteLine($"{string.Join(", ", known)} are known, each with a value");
    return 2;
}
if (options.TryGetValue("--replay", out var kept)) return Replay(kept);

var seconds = double.Parse(options.GetValueOrDefault("--seconds", "60"), CultureInfo.InvariantCulture);
var seed = options.TryGetValue("--seed", out var given) ? long.Parse(given, CultureInfo.InvariantCulture) : DateTime.UtcNow.Ticks;
var folder = options.GetValueOrDefault("--out", "artifacts/fuzz");
var readers = Reader.All.Where(reader => reader.Name == options.GetValueOrDefault("--reader", reader.Name)).ToArray();
if (readers.Length == 0)
{
    Console.Error.WriteLine($"--reader is '{options["--reader"]}'; {string.Join(", ", Reader.All.Select(reader => reader.Name))} are possible");
    return 2;
}

Console.WriteLine($"seed {seed}");
var findings = 0;
foreach (var reader in readers)
{
    var clock = Stopwatch.StartNew();
    var campaign = new Campaign(reader, seed);
    var answered = campaign.Run(_ => clock.Elapsed.TotalSeconds >= seconds / readers.Length);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{reader.Name,-8}{campaign.Count,10} inputs in {clock.Elapsed.TotalSeconds,6:f1} s, {campaign.Findings.Count} findings"));
    foreach (var finding in campaign.Findings) Keep(finding);
    findings += campaign.Findings.Count;
    if (!answered) break;
}
return findings == 0 ? 0 : 1;

void Keep(Finding finding)
{
    Directory.CreateDirectory(folder);
    var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{finding.Reader}-{finding.Seed}-{finding.Index}.bin"));
    File.WriteAllBytes(path, finding.Input);
    Console.WriteLine($"{path}: {finding.Problem}");
    Console.WriteLine($"  replay: dotnet run -c Release --project tests/Gmm.Fuzz -- --replay {path}");
}

static int Replay(string path)
{
    var reader = Reader.All.FirstOrDefault(reader => Path.GetFileName(path).StartsWith(reader.Name, StringComparison.Ordinal)
        || Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) == reader.Name);
    if (reader is null)
    {
        Console.Error.WriteLine($"'{path}' names no reader; {string.Join(", ", Reader.All.Select(reader => reader.Name))} are possible");
        return 2;
    }
    var problem = Judge.Verdict(reader, File.ReadAllBytes(path));
    Console.WriteLine(problem ?? "as documented");
    return problem is null ? 0 : 1;
}

namespace Gmm.Fuzz;

/// <summary>An input that a reader does not handle as documented.</summary>
internal sealed record Finding(string Reader, long Seed, long Index, byte[] Input, string Problem);

/// <summary>
/// Damaged inputs for one reader, one after the other. Input <c>i</c> of a seed is the same on every machine and does not depend on the inputs before it.
/// </summary>
internal sealed class Campaign(Reader reader, long seed, TimeSpan? timeLimit = null)
{
    private readonly Mutator _mutator = new(reader, [.. reader.Corpus().Select(entry => entry.Bytes)]);
    // An input takes milliseconds; a machine that is busy with something else has this much.
    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(10);
    private readonly List<Finding> _findings = [];
    private long _next;

    internal Reader Reader => reader;

    /// <summary>Inputs read so far.</summary>
    internal long Count => Interlocked.Read(ref _next);

    internal IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Inputs until <paramref name="stop"/> says so. After a reader that does not come back nothing more can be read: false.</summary>
    internal bool Run(Func<long, bool> stop)
    {
        byte[] input = [];
        Exception? defect = null;
        var worker = new Thread(() =>
        {
            try
            {
                for (var i = _next; !stop(i); i = Interlocked.Increment(ref _next))
                {
                    input = _mutator.Next(new Random(HashOf(seed, i)));
                    if (Judge.Verdict(reader, input) is { } problem) _findings.Add(new Finding(reader.Name, seed, i, input, problem));
                }
            }
            catch (Exception e)
            {
                defect = e;
            }
        })
        { IsBackground = true };
        worker.Start();
        for (var before = -1L; !worker.Join(_timeLimit); before = Count)
        {
            if (before != Count) continue;
            _findings.Add(new Finding(reader.Name, seed, before, input, $"no answer after {_timeLimit.TotalSeconds:f0} s"));
            return false;
        }
        return defect is null ? true : throw new InvalidOperationException("The fuzzer itself failed.", defect);
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014), so that neighboring inputs have nothing in common.</summary>
    private static int HashOf(long seed, long index)
    {
        var z = unchecked((ulong)seed * 0x9E3779B97F4A7C15 + (ulong)index * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)(z ^ (z >> 31));
    }
}

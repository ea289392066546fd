namespace Gmm.Fuzz;

/// <summary>Reads one input in every way and says what is wrong with how that went, or null.</summary>
internal static class Judge
{
    private const int MaxMessage = 4096;

    /// <summary>On the caller's thread, whose allocations are counted; a reader that does not come back is for <see cref="Campaign"/> to notice.</summary>
    internal static string? Verdict(Reader reader, byte[] input)
    {
        var answers = new object?[reader.Ways.Length];
        for (var way = 0; way < answers.Length; way++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            string? problem = null;
            try
            {
                answers[way] = reader.Ways[way](input);
            }
            catch (Exception e)
            {
                problem = e.GetType() == reader.Refusal ? MessageProblem(e.Message) : $"undocumented exception: {e}";
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            var allowed = ((long)reader.BytesPerByte * input.Length) + reader.FixedBytes;
            if (taken > allowed) problem ??= $"{taken} bytes were allocated for {input.Length}; {allowed} are allowed";
            if (problem is not null) return $"way {way}: {problem}";
        }
        try
        {
            return reader.Check(answers);
        }
        catch (Exception e)
        {
            return $"the answer cannot be used: {e}";
        }
    }

    /// <summary>Messages end on a terminal: one line of bounded length.</summary>
    private static string? MessageProblem(string message)
    {
        if (message.Length is 0 or > MaxMessage) return $"the message has {message.Length} characters";
        return message.Any(char.IsControl) ? $"the message holds control characters: {message}" : null;
    }
}

namespace Gmm.Fast.Tests;

/// <summary>Collects tests that measure the process or its thread pool, and so run alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

namespace Gmm.Fast.Tests;

/// <summary>Tests that watch the process or its thread pool, and so run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

namespace Gmm.Fast;

/// <summary>Receives consecutive points that were drawn, valid until it returns.</summary>
/// <param name="rows">[count x D], row-major.</param>
/// <param name="labels">[count]: the component of each point, from 0.</param>
public delegate void SampleReceiver(ReadOnlySpan<double> rows, ReadOnlySpan<int> labels);

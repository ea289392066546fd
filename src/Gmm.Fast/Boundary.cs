namespace Gmm.Fast;

/// <summary>Describes a place on the line where the most probable component changes.</summary>
/// <param name="Position">The place, in the unit of the data.</param>
/// <param name="Below">The component below it, from 0.</param>
/// <param name="Above">The component above it, from 0.</param>
public readonly record struct Boundary(double Position, int Below, int Above);

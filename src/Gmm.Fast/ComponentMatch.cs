namespace Gmm.Fast;

/// <summary>Describes two components, one of each mixture, that a comparison matched.</summary>
/// <param name="First">The component of the first mixture, from 0.</param>
/// <param name="Second">The component of the second mixture, from 0.</param>
/// <param name="MeanDistance">The distance of their means, in standard deviations under the mean of their covariances.</param>
/// <param name="Divergence">Jeffreys' divergence KL(first || second) + KL(second || first) of the two normal distributions, in nats.</param>
/// <param name="CovarianceDivergence">The part of it that the covariances alone make; the rest is the distance of the means.</param>
public readonly record struct ComponentMatch(int First, int Second, double MeanDistance, double Divergence, double CovarianceDivergence);

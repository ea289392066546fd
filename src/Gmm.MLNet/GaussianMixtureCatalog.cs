using Gmm.Fast;
using Microsoft.ML;

namespace Gmm.MLNet;

/// <summary>Adds Gaussian mixtures to the clustering trainers of ML.NET.</summary>
public static class GaussianMixtureCatalog
{
    private const string Features = "Features";

    /// <summary>Makes a trainer that fits a Gaussian mixture with full covariances.</summary>
    /// <param name="trainers"><c>mlContext.Clustering.Trainers</c>.</param>
    /// <param name="featureColumnName">A column of vectors of floats of a known size.</param>
    /// <param name="exampleWeightColumnName">A column of floats of at least 0, the weights of the rows; null for none.</param>
    /// <param name="numberOfClusters">K, the number of components.</param>
    public static GaussianMixtureTrainer GaussianMixture(
        this ClusteringCatalog.ClusteringTrainers trainers, string featureColumnName = Features, string? exampleWeightColumnName = null,
        int numberOfClusters = 5) =>
        trainers.GaussianMixture(new FitOptions { Components = numberOfClusters }, featureColumnName, exampleWeightColumnName);

    /// <summary>Makes a trainer that fits a Gaussian mixture as the options say.</summary>
    /// <param name="trainers"><c>mlContext.Clustering.Trainers</c>.</param>
    /// <param name="options">Components, covariances, starts, stop rule and the like.</param>
    /// <param name="featureColumnName">A column of vectors of floats of a known size.</param>
    /// <param name="exampleWeightColumnName">A column of floats of at least 0, the weights of the rows; null for none.</param>
    public static GaussianMixtureTrainer GaussianMixture(
        this ClusteringCatalog.ClusteringTrainers trainers, FitOptions options, string featureColumnName = Features,
        string? exampleWeightColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        return new GaussianMixtureTrainer(options, featureColumnName, exampleWeightColumnName);
    }
}

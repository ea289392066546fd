namespace Gmm.Distributed;

/// <summary>Says that there is no MPI library, that it is not the one of the launcher, or that one of its functions failed.</summary>
/// <param name="message">What failed, and what to do.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class MpiException(string message, Exception? innerException = null) : Exception(message, innerException);

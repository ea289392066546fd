using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Proposes parameters that may be nearer to the optimum than a plain EM step. The pass of the next step evaluates a proposal too. The loop takes
/// the proposal where the log-likelihood has not fallen; a refused one costs that pass. A loop without an accelerator takes every plain step.
/// </summary>
internal interface IAccelerator
{
    /// <summary>Writes a proposal, or returns false to take the plain step. The loop may leave out iterations, in which it takes the plain step.</summary>
    /// <param name="current">Parameters of the last iteration.</param>
    /// <param name="plain">Their EM step.</param>
    /// <param name="proposal">Receives the proposal; its weights sum to 1.</param>
    bool TryPropose(Parameters current, Parameters plain, Parameters proposal);

    /// <summary>Receives the decision on the last proposal.</summary>
    /// <param name="isTaken">Whether the loop took it.</param>
    void Judge(bool isTaken);

    /// <summary>Forgets all steps, because the next one does not belong to their sequence: a component was recovered.</summary>
    void Restart();

    /// <summary>Writes or reads what it remembers.</summary>
    /// <param name="state">The file.</param>
    void Carry(StateCarrier state);
}

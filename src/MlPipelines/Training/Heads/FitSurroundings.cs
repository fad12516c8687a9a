using MlPipelines.Execution;

namespace MlPipelines;

/// <summary>Where a fit from all features runs, and who is told.</summary>
/// <param name="Session">What computes.</param>
/// <param name="Warn">Told of what was not reached.</param>
/// <param name="Say">Told of what was chosen.</param>
/// <param name="Cancellation">Ends it.</param>
sealed record FitSurroundings(SessionSettings Session, Action<string> Warn, Action<string> Say, CancellationToken Cancellation);

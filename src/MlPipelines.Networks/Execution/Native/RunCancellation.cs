using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Native;

/// <summary>Run options that let a token end a run at the next node.</summary>
readonly struct RunCancellation : IDisposable
{
    // Never terminated, so all runs that cannot be cancelled share it.
    static readonly RunOptions Unending = new();

    readonly CancellationTokenRegistration registration;

    internal RunCancellation(CancellationToken cancellation)
    {
        Options = cancellation.CanBeCanceled ? new RunOptions() : Unending;
        if (cancellation.CanBeCanceled)
            registration = cancellation.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, Options);
    }

    internal RunOptions Options { get; }

    public void Dispose()
    {
        // Waits for Terminate where it is under way.
        registration.Dispose();
        if (Options != Unending)
            Options.Dispose();
    }
}

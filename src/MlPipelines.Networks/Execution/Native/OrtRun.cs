using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Native;

/// <summary>What one run is told: to end at the next node once a token is cancelled, and to give back the memory that it took.</summary>
readonly struct OrtRun : IDisposable
{
    // Never terminated, so all runs that cannot be cancelled share it.
    static readonly RunOptions Usual = new();

    readonly CancellationTokenRegistration registration;

    /// <param name="isFirst">Whether the session ran nothing before. A first run takes memory value by value, later ones a block as its
    /// sizes have shown; what the first took would lie idle beside the block, which doubles what a training holds.</param>
    /// <param name="cancellation">Ends the run.</param>
    internal OrtRun(bool isFirst, CancellationToken cancellation)
    {
        // Processes of 32 bits have no arena, and a run that is to make it smaller is refused.
        var shrinks = isFirst && Environment.Is64BitProcess;
        Options = shrinks || cancellation.CanBeCanceled ? new RunOptions() : Usual;
        if (shrinks)
            Options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        if (cancellation.CanBeCanceled)
            registration = cancellation.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, Options);
    }

    internal RunOptions Options { get; }

    public void Dispose()
    {
        // Waits for Terminate where it is under way.
        registration.Dispose();
        if (Options != Usual)
            Options.Dispose();
    }
}

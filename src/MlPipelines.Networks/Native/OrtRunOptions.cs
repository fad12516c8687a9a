namespace MlPipelines.Native;

/// <summary>Lets a token end a run at the next node.</summary>
sealed unsafe class OrtRunOptions : IDisposable
{
    readonly OrtApi api = OrtApi.Current;
    readonly CancellationTokenRegistration registration;

    OrtRunOptions(CancellationToken cancellation)
    {
        nint handle;
        api.Check(api.CreateRunOptions(&handle));
        Handle = handle;
        registration = cancellation.UnsafeRegister(static options => ((OrtRunOptions)options!).Terminate(), this);
    }

    internal nint Handle { get; }

    /// <summary>None for a token that is never cancelled.</summary>
    internal static OrtRunOptions? For(CancellationToken cancellation) => cancellation.CanBeCanceled ? new OrtRunOptions(cancellation) : null;

    void Terminate() => api.Check(api.RunOptionsSetTerminate(Handle));

    public void Dispose()
    {
        // Waits for Terminate where it is under way.
        registration.Dispose();
        api.ReleaseRunOptions(Handle);
    }
}

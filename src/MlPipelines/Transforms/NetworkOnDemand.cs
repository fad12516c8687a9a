namespace MlPipelines;

/// <summary>A network that is made ready when it is first used, or somewhat earlier beside the caller.</summary>
sealed class NetworkOnDemand(Func<ImageNetwork> make) : IDisposable
{
    readonly Lazy<ImageNetwork> network = new(make);
    Task? ahead;

    /// <summary>The network, made ready if it is not yet.</summary>
    public ImageNetwork Open() => network.Value;

    /// <summary>Begins to make it ready; what is wrong with it is told by <see cref="Open"/>.</summary>
    public void Begin() => LazyInitializer.EnsureInitialized(ref ahead,
        () => WorkBeside.Begin(() => Open()));

    /// <summary>Frees its memory, if it was used.</summary>
    public void Dispose()
    {
        // One that is still being made would never be freed. Its failure has been looked at, and is not thrown here.
        ahead?.Wait();
        if (network.IsValueCreated)
            network.Value.Dispose();
    }
}

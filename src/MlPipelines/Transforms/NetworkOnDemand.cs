namespace MlPipelines;

/// <summary>A network that is made ready when it is first used, or somewhat earlier beside the caller.</summary>
sealed class NetworkOnDemand(Func<ImageNetwork> make) : IDisposable
{
    readonly Lazy<ImageNetwork> network = new(make);
    Task? ahead;

    public ImageNetwork Value => network.Value;

    /// <summary>Makes it ready now.</summary>
    public ImageNetwork Open() => network.Value;

    /// <summary>Begins to make it ready; what is wrong with it is told by <see cref="Value"/>.</summary>
    public void Begin() => LazyInitializer.EnsureInitialized(ref ahead, () =>
        Task.Run(() => network.Value).ContinueWith(static made => _ = made.Exception, TaskScheduler.Default));

    /// <summary>Frees its memory, if it was used.</summary>
    public void Dispose()
    {
        ahead?.Wait();
        if (network.IsValueCreated)
            network.Value.Dispose();
    }
}

using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.ML.Runtime;
using MlPipelines.Execution;
using MlPipelines.Imaging;

namespace MlPipelines.Interop;

/// <summary>What stands behind an MLContext and its catalogs: the seed, the log, the device,
/// and what this library keeps for each context.</summary>
static class HostExtensions
{
    static readonly ConditionalWeakTable<IHostEnvironment, Kept> kept = [];

    public static IHostEnvironment Host(this TransformsCatalog catalog) => Of(catalog);

    public static IHostEnvironment Host(this DataOperationsCatalog catalog) => Of(catalog);

    public static IHostEnvironment Host(this ModelOperationsCatalog catalog) => Of(catalog);

    public static IHostEnvironment Host(this MulticlassClassificationCatalog catalog) => Of(catalog);

    public static IHostEnvironment Host(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog) => Of(catalog);

    /// <summary>The seed that the context was given, or one drawn for it.</summary>
    public static int Seed(this IHostEnvironment host) => (host as IHostEnvironmentInternal)?.Seed ?? kept.GetValue(host, Create).DrawnSeed;

    /// <summary>Whether the seed is another one each time that the program runs.</summary>
    public static bool IsSeedDrawn(this IHostEnvironment host) => (host as IHostEnvironmentInternal)?.Seed is null;

    /// <summary>Tells whoever listens to <see cref="MLContext.Log"/>.</summary>
    public static void Report(this IHostEnvironment host, ChannelMessageKind kind, string source, string message)
    {
        using var channel = host.Start(source);
        channel.Send(new ChannelMessage(kind, MessageSensitivity.Unknown, message));
    }

    public static void Warn(this IHostEnvironment host, string source, string message) =>
        host.Report(ChannelMessageKind.Warning, source, message);

    /// <summary>Where networks run: the graphics processor that the context names, or else the processor.</summary>
    public static Device Device(this IHostEnvironment host) =>
        host is IHostEnvironmentInternal { GpuDeviceId: { } number } ? Execution.Device.Cuda(number) : Execution.Device.Cpu;

    /// <summary>Where resized pictures are kept; null for nowhere.</summary>
    public static PixelCache? PixelCache(this IHostEnvironment host) => kept.GetValue(host, Create).Cache;

    public static void KeepPixels(this IHostEnvironment host, PixelCache? cache)
    {
        var own = kept.GetValue(host, Create);
        own.Cache = cache;
        Listen(host, cache);
    }

    // A cache that cannot be written to says so once.
    static void Listen(IHostEnvironment host, PixelCache? cache)
    {
        var log = new WeakReference<IHostEnvironment>(host);
        if (cache is not null)
            cache.Failed += reason =>
            {
                if (log.TryGetTarget(out var alive))
                    alive.Warn(nameof(PixelCache), reason);
            };
    }

    static Kept Create(IHostEnvironment host)
    {
        var created = new Kept { Cache = Imaging.PixelCache.CreateDefault() };
        Listen(host, created.Cache);
        return created;
    }

    static IHostEnvironment Of(object catalog)
    {
        Internals.Check();
        return ((IInternalCatalog)catalog).Environment;
    }

    sealed class Kept
    {
        public int DrawnSeed { get; } = RandomNumberGenerator.GetInt32(int.MaxValue);
        public PixelCache? Cache { get; set; }
    }
}

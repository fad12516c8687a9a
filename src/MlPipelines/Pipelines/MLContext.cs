using System.Security.Cryptography;
using MlPipelines.Execution;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Where a program starts: the seed, the log, the device, and the catalogs of verbs.</summary>
public sealed class MLContext
{
    /// <param name="seed">Equal seeds give equal results; null draws one.</param>
    public MLContext(int? seed = null)
    {
        PixelCache = PixelCache.CreateDefault();
        (Seed, IsSeedDrawn) = (seed ?? RandomNumberGenerator.GetInt32(int.MaxValue), seed is null);
        Data = new DataOperationsCatalog(Seed, (source, message) => Report(ChannelMessageKind.Warning, source, message));
        Transforms = new TransformsCatalog(this);
        MulticlassClassification = new MulticlassClassificationCatalog(this);
        Model = new ModelOperationsCatalog(this);
    }

    /// <summary>What all randomness comes from; never null, so that a run without a seed of its own can be repeated.</summary>
    public int Seed { get; }

    /// <summary>Whether the seed is another one each time that the program runs.</summary>
    internal bool IsSeedDrawn { get; }

    /// <summary>Where networks run, unless a step says otherwise.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Where the images of <c>LoadImages</c> are kept once they are decoded and resized; a folder of the user's by default, null for nowhere.</summary>
    public PixelCache? PixelCache
    {
        get;
        init
        {
            field = value;
            value?.Failed += reason => Report(ChannelMessageKind.Warning, nameof(PixelCache), reason);
        }
    }

    public DataOperationsCatalog Data { get; }
    public TransformsCatalog Transforms { get; }
    public MulticlassClassificationCatalog MulticlassClassification { get; }
    public ModelOperationsCatalog Model { get; }

    /// <summary>Code of this program that saved pipelines may name.</summary>
    public ComponentCatalog ComponentCatalog { get; } = new();

    /// <summary>What happens on the way: progress, and what had to be left out.</summary>
    public event EventHandler<LoggingEventArgs>? Log;

    /// <summary>Tells whoever listens to <see cref="Log"/>.</summary>
    public void Report(ChannelMessageKind kind, string source, string message) => Log?.Invoke(this, new(kind, source, message));
}

/// <summary>How much a message matters.</summary>
public enum ChannelMessageKind
{
    Trace = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
}

/// <summary>One message of the log.</summary>
public sealed class LoggingEventArgs(ChannelMessageKind kind, string source, string message) : EventArgs
{
    public ChannelMessageKind Kind { get; } = kind;

    /// <summary>The verb that it comes from.</summary>
    public string Source { get; } = source;

    /// <summary>Source and text.</summary>
    public string Message { get; } = $"[Source={source}, Kind={kind}] {message}";

    /// <summary>The text alone.</summary>
    public string RawMessage { get; } = message;
}

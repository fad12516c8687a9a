using Microsoft.ML.OnnxRuntime;
using MlPipelines.Native;

namespace MlPipelines.Execution;

/// <summary>How a session runs its model.</summary>
public sealed record SessionSettings
{
    /// <summary>What computes; the processor unless set.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads that share one operator's work, the caller's among them; null for one a core.</summary>
    /// <remarks>On Linux cores are counted as the kernel does, on other systems by ONNX Runtime.</remarks>
    public int? IntraOpThreads { get; init => field = value is { } count ? Check.AtLeast(count, 1, nameof(IntraOpThreads)) : null; }

    /// <summary>How far the graph is rewritten before it runs.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>Plans one block of memory for all inner values when shapes repeat.</summary>
    public bool MemoryPattern { get; init; } = true;

    /// <summary>Lets idle threads spin for a while before they sleep: quicker between runs,
    /// at the cost of whatever else wants the cores.</summary>
    public bool Spinning { get; init; } = true;

    /// <summary>Takes denormal numbers for zero.</summary>
    public bool FlushDenormals { get; init; }

    /// <summary>Start of the name of a file that gets the time of every node (in Chrome's trace format)
    /// when the session is disposed of; null for none.</summary>
    public string? ProfilePrefix { get; init; }

    /// <summary>Operators of our own that the model may use.</summary>
    internal IReadOnlyList<CustomOperator> Operators { get; init; } = [];

    /// <exception cref="NativeException">The library found lacks the device, or cannot start it on this machine.</exception>
    internal SessionOptions ToOptions(OrtCustomOperators? operators)
    {
        OrtEnvironment.EnsureStarted();
        var options = new SessionOptions();
        try
        {
            OrtEnvironment.ListenTo(options);
            Device.AddTo(options);
            options.GraphOptimizationLevel = (GraphOptimizationLevel)Optimization;
            if ((IntraOpThreads ?? ProcessorCores.Count) is { } threads)
                options.IntraOpNumThreads = threads;
            if (!MemoryPattern)
                options.EnableMemoryPattern = false;
            if (!Spinning)
                options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            if (FlushDenormals)
                options.AddSessionConfigEntry("session.set_denormal_as_zero", "1");
            if (ProfilePrefix is { } prefix)
                (options.ProfileOutputPathPrefix, options.EnableProfiling) = (prefix, true);
            operators?.AddTo(options);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}

/// <summary>How far ONNX Runtime rewrites a graph; the numbers are its own (GraphOptimizationLevel).</summary>
public enum GraphOptimization
{
    /// <summary>The graph as it is.</summary>
    None = 0,
    /// <summary>What leaves the operators of ONNX: constants folded, nodes without effect gone.</summary>
    Basic = 1,
    /// <summary>Fusions of nodes too.</summary>
    Extended = 2,
    /// <summary>All, layouts of the device included.</summary>
    All = 99,
}

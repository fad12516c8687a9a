using MlPipelines.Native;

namespace MlPipelines.Execution;

/// <summary>
/// The ONNX Runtime library of the process: that of Microsoft.ML.OnnxRuntime, or of the package that an
/// application references in its place.
/// </summary>
public static class OnnxRuntime
{
    /// <summary>Its version, such as 1.31.1.</summary>
    /// <exception cref="NativeException">No ONNX Runtime is to be found.</exception>
    public static string Version => OrtEnvironment.Current.Version;

    /// <summary>The file it was loaded from, or its bare name where the system does not say.</summary>
    public static string Location => OrtEnvironment.Current.Library.Path;

    /// <summary>Names of the execution providers it holds, the preferred ones first.</summary>
    public static IReadOnlyList<string> Providers => OrtEnvironment.Current.Providers;

    /// <summary>Its warnings and errors, raised on whatever thread they occur; nobody hears them unless subscribed.</summary>
    /// <remarks>Those of this library's sessions, whichever part of the program has started ONNX Runtime.</remarks>
    public static event Action<RuntimeMessage>? Logged
    {
        add
        {
            lock (Listening)
            {
                if (listeners is null)
                    OrtEnvironment.Logged += Raise;
                listeners += value;
            }
        }
        remove
        {
            lock (Listening)
            {
                listeners -= value;
                if (listeners is null)
                    OrtEnvironment.Logged -= Raise;
            }
        }
    }

    /// <summary>Begins to load it beside the caller, which takes some 60 ms; what is wrong with it is told by its first use.</summary>
    internal static void Begin() => LazyInitializer.EnsureInitialized(ref loading,
        () => WorkBeside.Begin(() => OrtLibrary.Load()));

    static Task? loading;
    static readonly Lock Listening = new();
    static Action<RuntimeMessage>? listeners;

    static void Raise(int severity, string category, string text) => listeners?.Invoke(new((RuntimeSeverity)severity, category, text));
}

/// <summary>Something ONNX Runtime had to say.</summary>
public sealed record RuntimeMessage(RuntimeSeverity Severity, string Category, string Text);

/// <summary>How bad it is; the numbers are ONNX Runtime's (OrtLoggingLevel).</summary>
public enum RuntimeSeverity
{
    /// <summary>Every step.</summary>
    Verbose = 0,
    /// <summary>What is done.</summary>
    Info = 1,
    /// <summary>What is likely not meant.</summary>
    Warning = 2,
    /// <summary>What fails.</summary>
    Error = 3,
    /// <summary>What ends the process.</summary>
    Fatal = 4,
}

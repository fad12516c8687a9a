using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Native;

/// <summary>ONNX Runtime's environment, one for the process and until its end.</summary>
sealed class OrtEnvironment
{
    static readonly Lazy<OrtEnvironment> Created = new(() => new OrtEnvironment());

    OrtEnvironment()
    {
        OrtTelemetry.Disable();
        try
        {
            var environment = Create();
            environment.DisableTelemetryEvents();
            (Version, Providers) = (environment.GetVersionString(), environment.GetAvailableProviders());
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NativeException(
                $"ONNX Runtime ({RuntimeInformation.RuntimeIdentifier}): its native library is missing or of another version " +
                $"({(error.InnerException ?? error).Message}). Reference Microsoft.ML.OnnxRuntime, or in its place the package for the "
                + "device, " +
                "of the version that MlPipelines names.", error);
        }
        Library = OrtLibrary.Find();
    }

    /// <exception cref="NativeException">No ONNX Runtime is to be found, or it is too old.</exception>
    internal static OrtEnvironment Current => Created.Value;

    /// <inheritdoc cref="Current"/>
    internal static OrtEnvironment EnsureStarted() => Created.Value;

    /// <summary>Warnings and errors of the runtime: severity (2 warning, 3 error, 4 fatal), category, text.
    /// May be raised on any thread.</summary>
    internal static event Action<int, string, string>? Logged;

    internal string Version { get; }

    internal OrtLibrary Library { get; }

    /// <summary>Names of the execution providers the library holds.</summary>
    internal IReadOnlyList<string> Providers { get; }

    // The first environment's logger wins: where another part of the program was first, its own hears what belongs to no session.
    static OrtEnv Create()
    {
        var options = new EnvironmentCreationOptions
        {
            logId = "MlPipelines",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING,
            loggingFunction = Log,
        };
        try
        {
            return OrtEnv.IsCreated ? OrtEnv.Instance() : OrtEnv.CreateInstanceWithOptions(ref options);
        }
        catch (OnnxRuntimeException)
        {
            return OrtEnv.Instance();
        }
    }

    /// <summary>Lets a session that is made with the options tell what it has to say here, whoever made the environment.</summary>
    internal static unsafe void ListenTo(SessionOptions options)
    {
        var functions = OrtFunctions.Current;
        functions.Check(functions.SetUserLoggingFunction(options.DangerousGetHandle(), &LogOfSession, null));
    }

    [UnmanagedCallersOnly]
    static unsafe void LogOfSession(void* state, int severity, byte* category, byte* session, byte* location, byte* message) =>
        Tell(severity, Marshal.PtrToStringUTF8((nint)category) ?? "", Marshal.PtrToStringUTF8((nint)message) ?? "");

    static void Log(nint state, OrtLoggingLevel severity, string category, string session, string location, string message) =>
        Tell((int)severity, category, message);

    static void Tell(int severity, string category, string message)
    {
        try
        {
            Logged?.Invoke(severity, category, message);
        }
#pragma warning disable CA1031 // A listener's exception must not cross the runtime's own frames.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

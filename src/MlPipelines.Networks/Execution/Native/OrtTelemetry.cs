using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>ONNX Runtime's telemetry, switched off before the runtime starts.</summary>
/// <remarks>Its start matches the whole command line of the process against a recursive expression, which overflows the stack from about 28
/// KiB on (ONNX Runtime 1.30, Linux).</remarks>
static partial class OrtTelemetry
{
    const string Variable = "ORT_DISABLE_TELEMETRY", Yes = "1";

    internal static void Disable()
    {
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(Variable, Yes);
        else
            // Fails only where there is no memory for the text, and then telemetry stays as it is.
            _ = SetVariable(Variable, Yes, overwrite: 1);
    }

    // What Environment sets on Unix is not seen by native code.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}

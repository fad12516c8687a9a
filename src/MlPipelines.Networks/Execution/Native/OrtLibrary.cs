using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Native;

/// <summary>The native library that Microsoft.ML.OnnxRuntime has loaded: that of whichever
/// package or folder the application brings.</summary>
/// <param name="Entry">Address of OrtGetApiBase in it.</param>
sealed record OrtLibrary(nint Entry)
{
    const string Name = "onnxruntime", Export = "OrtGetApiBase";

    readonly Lazy<string> path = new(() => Modules().FirstOrDefault(module => Holds(module, Entry))?.FileName ?? Name);

    /// <summary>The file it was loaded from; the bare name where the system does not say.</summary>
    internal string Path => path.Value;

    /// <summary>Loads it and binds the functions that the managed package calls; no environment is made.</summary>
    internal static void Load() => new SessionOptions().Dispose();

    /// <summary>Finds it once the managed package has loaded it, so that the process has one.</summary>
    /// <exception cref="NativeException">It is not where the package's own search looks, nor among the process's modules.</exception>
    internal static OrtLibrary Find()
    {
        if (NativeLibrary.TryLoad(Name, typeof(InferenceSession).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, Export, out var entry))
            return new(entry);
        foreach (var module in Modules().Where(module => module.FileName.Contains(Name, StringComparison.OrdinalIgnoreCase)))
            if (NativeLibrary.TryLoad(module.FileName, out library) && NativeLibrary.TryGetExport(library, Export, out entry))
                return new(entry);
        throw new NativeException(
            $"ONNX Runtime: no loaded library has {Export}, which custom operators need. Reference Microsoft.ML.OnnxRuntime as it is.");
    }

    static IEnumerable<ProcessModule> Modules()
    {
        using var process = Process.GetCurrentProcess();
        return [.. process.Modules.Cast<ProcessModule>()];
    }

    static bool Holds(ProcessModule module, nint address) =>
        address >= module.BaseAddress && address < module.BaseAddress + module.ModuleMemorySize;
}

using Microsoft.ML.OnnxRuntime;
using MlPipelines.Native;

namespace MlPipelines.Execution;

/// <summary>What computes a session: the processor, or an accelerator through one of ONNX Runtime's execution providers.</summary>
/// <remarks>Which there are depends on the ONNX Runtime library found, see <see cref="OnnxRuntime.Providers"/>.</remarks>
public sealed record Device
{
    readonly string name;
    readonly string provider;
    readonly int? id;

    Device(string name, string provider, int? id = null) => (this.name, this.provider, this.id) = (name, provider, id);

    /// <summary>The processor.</summary>
    public static Device Cpu { get; } = new("cpu", "CPUExecutionProvider");

    /// <summary>Any graphics processor through WebGPU.</summary>
    public static Device WebGpu { get; } = new("webgpu", "WebGpuExecutionProvider");

    /// <summary>Apple's accelerators.</summary>
    public static Device CoreML { get; } = new("coreml", "CoreMLExecutionProvider");

    /// <summary>An Nvidia graphics processor by its number.</summary>
    public static Device Cuda(int id = 0) => new("cuda", "CUDAExecutionProvider", Check.AtLeast(id, 0));

    /// <summary>A Windows graphics processor by its number.</summary>
    public static Device DirectML(int id = 0) => new("directml", "DmlExecutionProvider", Check.AtLeast(id, 0));

    /// <summary>Whether the library found names it; whether library and machine can really start it shows when a session is made.</summary>
    /// <exception cref="NativeException">No ONNX Runtime is to be found.</exception>
    public bool IsAvailable => OnnxRuntime.Providers.Contains(provider);

    /// <summary>Reads "cpu", "cuda", "cuda:1", "webgpu", "directml", "directml:1" or "coreml".</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Trim().ToLowerInvariant().Split(':');
        var number = parts.Length == 1 ? 0 : parts.Length == 2 && int.TryParse(parts[1], out var id) && id >= 0 ? id : -1;
        return (parts[0], number, parts.Length) switch
        {
            ("cpu", 0, 1) => Cpu,
            ("webgpu", 0, 1) => WebGpu,
            ("coreml", 0, 1) => CoreML,
            ("cuda", >= 0, _) => Cuda(number),
            ("directml", >= 0, _) => DirectML(number),
            _ => throw new FormatException($"Device: got '{text}', needs one of cpu, cuda, cuda:N, webgpu, directml, directml:N, coreml."),
        };
    }

    /// <exception cref="NativeException">The library found lacks the device, or cannot start it on this machine.</exception>
    internal void AddTo(SessionOptions options)
    {
        var library = $"Device {this}: ONNX Runtime {OnnxRuntime.Version}";
        if (!IsAvailable)
            throw new NativeException(
                $"{library} at {OnnxRuntime.Location} has {string.Join(", ", OnnxRuntime.Providers)}, needs {provider}. " +
                "Use one of these, or reference the Microsoft.ML.OnnxRuntime package that holds it.");
        try
        {
            Append(options);
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException)
        {
            var cause = error is OnnxRuntimeException refused ? NativeException.From(refused, name) : error;
            throw new NativeException(
                $"{library} at {OnnxRuntime.Location} cannot start it. " +
                $"Use the processor, or install what its text asks for: {cause.Message}", cause);
        }
    }

    void Append(SessionOptions options)
    {
        var numbered = new Dictionary<string, string> { ["device_id"] = $"{id ?? 0}" };
        switch (name)
        {
            case "cuda":
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    cuda.UpdateOptions(numbered);
                    options.AppendExecutionProvider_CUDA(cuda);
                }
                break;
            case "directml":
                options.EnableMemoryPattern = false;
                options.AppendExecutionProvider("DML", numbered);
                break;
            case "webgpu":
                options.AppendExecutionProvider("WebGPU");
                break;
            case "coreml":
                options.AppendExecutionProvider("CoreML");
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => id is > 0 ? $"{name}:{id}" : name;
}

using System.Collections.Immutable;
using MlPipelines.Execution;
using MlPipelines.Native;

namespace MlPipelines;

/// <summary>Networks made elsewhere. Their inputs and outputs are columns of their own names; many rows run at once where the network's first axis lets them.</summary>
public static class OnnxCatalog
{
    /// <summary>Runs a network as the options say.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NativeException">ONNX Runtime refuses the network or lacks the device.</exception>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Of(catalog, File.Exists(Check.Named(options.ModelFile)) ? File.ReadAllBytes(options.ModelFile) : throw new FileNotFoundException($"{options.ModelFile}: not found, an ONNX file is needed. Check the path.", options.ModelFile), options.ModelFile, options);
    }

    /// <summary>Runs a network on all of its inputs for all of its outputs.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelFile">The network's file.</param>
    /// <param name="gpuDeviceId">Number of the Nvidia graphics processor that runs it; null for the context's device.</param>
    /// <param name="fallbackToCpu">Whether the processor does it where the graphics processor cannot; a warning says so.</param>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        catalog.ApplyOnnxModel(new OnnxOptions { ModelFile = modelFile, GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });

    /// <summary>Runs a network on all of its inputs for all of its outputs.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelFile">The network's file.</param>
    /// <param name="shapeDictionary">Sizes of inputs whose axes the network leaves open, by the input's name.</param>
    /// <param name="gpuDeviceId">Number of the Nvidia graphics processor that runs it; null for the context's device.</param>
    /// <param name="fallbackToCpu">Whether the processor does it where the graphics processor cannot.</param>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        catalog.ApplyOnnxModel(new OnnxOptions { ModelFile = modelFile, ShapeDictionary = shapeDictionary, GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });

    /// <summary>Runs a network on one of its inputs for one of its outputs.</summary>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        catalog.ApplyOnnxModel([outputColumnName], [inputColumnName], modelFile, gpuDeviceId, fallbackToCpu);

    /// <summary>Runs a network on one of its inputs, of a size that it leaves open, for one of its outputs.</summary>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        catalog.ApplyOnnxModel([outputColumnName], [inputColumnName], modelFile, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <summary>Runs a network on some of its inputs for some of its outputs.</summary>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        catalog.ApplyOnnxModel(new OnnxOptions { ModelFile = modelFile, OutputColumns = outputColumnNames, InputColumns = inputColumnNames, GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });

    /// <summary>Runs a network on some of its inputs, of sizes that it leaves open, for some of its outputs.</summary>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false) => catalog.ApplyOnnxModel(new OnnxOptions
        {
            ModelFile = modelFile,
            OutputColumns = outputColumnNames,
            InputColumns = inputColumnNames,
            ShapeDictionary = shapeDictionary,
            GpuDeviceId = gpuDeviceId,
            FallbackToCpu = fallbackToCpu,
        });

    /// <summary>Runs a network that is read from a stream on some of its inputs for some of its outputs.</summary>
    public static TrivialEstimator<OnnxTransformer> ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false)
    {
        ArgumentNullException.ThrowIfNull(modelBytes);
        using var bytes = new MemoryStream();
        modelBytes.CopyTo(bytes);
        return Of(catalog, bytes.ToArray(), (modelBytes as FileStream)?.Name ?? nameof(modelBytes), new() { OutputColumns = outputColumnNames, InputColumns = inputColumnNames, GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });
    }

    static TrivialEstimator<OnnxTransformer> Of(TransformsCatalog catalog, byte[] onnx, string source, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (inputs, outputs, device) = (options.InputColumns, options.OutputColumns, catalog.Context.Device);
        if (inputs is null || outputs is null || options.GpuDeviceId is not null || options.FallbackToCpu)
        {
            using var session = Open(catalog.Context, onnx, source, options.GpuDeviceId is { } number ? Device.Cuda(number) : device, options.FallbackToCpu);
            (inputs, outputs, device) = (inputs ?? [.. session.Inputs.Select(value => value.Name)], outputs ?? [.. session.Outputs.Select(value => value.Name)], session.Device);
        }
        return new(new(onnx, [.. outputs], [.. inputs], Device: device, IntraOpNumThreads: options.IntraOpNumThreads)
        {
            Source = source,
            Shapes = options.ShapeDictionary?.ToImmutableSortedDictionary(shape => shape.Key, shape => shape.Value.ToImmutableArray(), StringComparer.Ordinal),
        });
    }

    static Session Open(MLContext context, byte[] onnx, string source, Device device, bool fallbackToCpu)
    {
        try
        {
            return new(onnx, new() { Device = device });
        }
        catch (NativeException exception) when (fallbackToCpu && device != Device.Cpu)
        {
            context.Report(ChannelMessageKind.Warning, nameof(ApplyOnnxModel), $"the processor runs the network: {exception.Message}");
            return Open(context, onnx, source, Device.Cpu, false);
        }
        catch (NativeException exception)
        {
            throw new NativeException($"{source}: cannot be run: {exception.Message}", exception);
        }
    }
}

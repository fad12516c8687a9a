using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>A fitted pipeline as one ONNX file: the network is its graph, every step is text in its metadata.</summary>
/// <remarks>Only types of this library are made from the text, by their names; nothing in a file is executed, and code of the program only where it was registered under the name that the file has. A pipeline without a network is stored with a graph that hands its input on.</remarks>
static class ModelFile
{
    public const string PipelineKey = "mlpipelines.pipeline", VersionKey = "mlpipelines.version";
    const int Version = 1;

    static readonly JsonSerializerOptions Json = new()
    {
        Converters =
        {
            new FamilyConverter<ITransformer>(), new FamilyConverter<DataViewType>(), new PrimitiveTypeConverter(),
            new JsonStringEnumConverter(), new NestedFamilies(),
        },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    sealed record Pipeline(int Version, ImmutableArray<DataViewSchema.Column> Input, ImmutableArray<ITransformer> Steps);

    public static byte[] Write(ITransformer model, DataViewSchema? input)
    {
        var steps = Steps(model).Select(step => step is INamedCode { ContractName: { } name } code ? new NamedMapping(name, code.InputColumns) : step).ToImmutableArray();
        foreach (var step in steps)
        {
            if (step is IUnsaved { Remedy: { } remedy })
                throw new NotSupportedException($"Save: {step.GetType().Name} runs this program's own code, which no file can hold. {remedy}");
            if (Catalog<ITransformer>.Members.GetValueOrDefault(step.GetType().Name) != step.GetType())
                throw new NotSupportedException($"Save: {step.GetType().Name} is not one of this library's transformers ({string.Join(", ", Catalog<ITransformer>.Members.Keys)}). Save the chain without it.");
        }
        var networks = steps.OfType<IOnnxModel>().ToArray();
        if (networks.Length > 1)
            throw new NotSupportedException($"Save: the pipeline holds {networks.Length} networks ({string.Join(", ", networks.Select(network => network.GetType().Name))}), one file holds one. Save them one by one, or join the networks into one graph.");
        if (networks is [var network])
            steps = GraphSteps.IntoNetwork(steps, network, step => JsonSerializer.SerializeToNode(step, Json));
        if (steps.OfType<IGraphStep>().FirstOrDefault(step => !step.FitsText) is { } large)
            throw new NotSupportedException($"Save: {large.GetType().Name} holds a matrix that is kept in a network's graph, and no network takes its column '{large.OutputColumn}'. Save it with its network.");
        var texts = networks.SelectMany(network => network.Metadata).ToDictionary(StringComparer.Ordinal);
        texts[PipelineKey] = JsonSerializer.Serialize(new Pipeline(Version, [.. input ?? []], steps), Json);
        texts[VersionKey] = Version.ToString();
        return OnnxMetadata.With(steps.OfType<IOnnxModel>().FirstOrDefault() is { } only ? only.Onnx : OnnxMetadata.Empty(), texts);
    }

    public static TransformerChain<ITransformer> Read(ReadOnlyMemory<byte> file, string name, Device device, ComponentCatalog components, out DataViewSchema input)
    {
        try
        {
            if (!OnnxMetadata.Read(file).TryGetValue(PipelineKey, out var text))
                throw new InvalidDataException("an ONNX file without a pipeline, one written by Model.Save is needed. Use ApplyOnnxModel for networks made elsewhere.");
            var pipeline = JsonSerializer.Deserialize<Pipeline>(text, Json);
            if (pipeline is not { Version: Version, Steps.IsDefault: false, Input.IsDefault: false })
                throw new InvalidDataException($"a pipeline of version {pipeline?.Version}, version {Version} is needed. Read it with the version of the library that wrote it.");
            input = new DataViewSchema(pipeline.Input);
            return new(pipeline.Steps.Select(step => step switch
            {
                IOnnxModel model => model.WithOnnx(file, device),
                NamedMapping mapping => mapping with { Code = components.Create(mapping.ContractName) },
                _ => step,
            }));
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"{name}: {exception.Message}", exception);
        }
    }

    static IEnumerable<ITransformer> Steps(ITransformer model) => model is IReadOnlyList<ITransformer> chain ? chain.SelectMany(Steps) : [model];
}

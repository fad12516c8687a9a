using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines.Interop;

/// <summary>A fitted pipeline as one ONNX file: the network is its graph; ML.NET's own file of the pipeline, without the network,
/// lies in its metadata.</summary>
/// <remarks>A pipeline without a network is stored with a graph that hands its input on.</remarks>
static class OnnxModelFile
{
    public const string PipelineKey = "mlpipelines.model", VersionKey = "mlpipelines.version";

    /// <exception cref="NotSupportedException">The pipeline holds several networks, or a step that cannot be saved.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(IHostEnvironment host, ITransformer model, DataViewSchema? input, string path)
    {
        var bytes = Write(host, model, input);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        host.Report(ChannelMessageKind.Info, "SaveAsOnnx", $"{path}: {bytes.Length} bytes written.");
    }

    public static byte[] Write(IHostEnvironment host, ITransformer model, DataViewSchema? input)
    {
        var steps = model.ScoringSteps().ToImmutableArray();
        var networks = steps.OfType<IOnnxModel>().ToArray();
        if (networks.Length > 1)
            throw new NotSupportedException($"SaveAsOnnx: the pipeline holds {networks.Length} networks "
                + $"({string.Join(", ", networks.Select(network => network.GetType().Name))}), one file holds one. Save them one by one, "
                + "or as a .zip.");
        // The file's graph takes pixels 0–255 as any runtime has them, so what steps compute on them goes into it, and out of the steps.
        if (networks is [var network])
            steps = BehindNetwork(host, IntoNetwork(host, steps, network));
        var only = steps.OfType<IOnnxModel>().SingleOrDefault();
        using var zip = new MemoryStream();
        KeptOutside.Without(only, () => new ModelOperationsCatalog(host).Save(new TransformerChain<ITransformer>([.. steps]), input, zip));
        var texts = (only?.Metadata ?? ImmutableDictionary<string, string>.Empty).ToDictionary(StringComparer.Ordinal);
        WithoutTimes(zip);
        // Metadata is text.
        texts[PipelineKey] = Convert.ToBase64String(zip.ToArray());
        texts[VersionKey] = SavedStep.LibraryVersion;
        return OnnxSeal.Close(OnnxMetadata.With(only?.Onnx ?? OnnxMetadata.Empty(), texts));
    }

    // ML.NET notes when it wrote each part; equal models are to be equal files.
    static void WithoutTimes(Stream zip)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true);
        foreach (var entry in archive.Entries)
            entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    /// <exception cref="InvalidDataException">The file is damaged, or holds no pipeline; the message names it.</exception>
    public static ITransformer Read(IHostEnvironment host, ReadOnlyMemory<byte> file, string name, out DataViewSchema? input)
    {
        try
        {
            if (!OnnxMetadata.Read(file).TryGetValue(PipelineKey, out var text))
                throw new InvalidDataException("an ONNX file without a pipeline, one written by SaveAsOnnx is needed. Use ApplyOnnxModel "
                    + "for networks made elsewhere.");
            if (OnnxSeal.IsWhole(file) == false)
                host.Warn("LoadModel", $"{name}: is not as it was written: bits of it have changed since, so that it may predict "
                    + "otherwise. "
                    + "Fetch it again, unless a program has changed it on purpose.");
            using var zip = new MemoryStream(Convert.FromBase64String(text), writable: false);
            DataViewSchema? schema = null;
            var model = KeptOutside.With(file, () => new ModelOperationsCatalog(host).Load(zip, out schema));
            input = schema;
            return model;
        }
        catch (Exception exception) when (ModelFiles.IsDamage(exception))
        {
            throw new InvalidDataException($"{name}: {ModelFiles.Reason(exception)}", exception);
        }
    }

    // Puts the arithmetic of steps in front of the network that takes their columns.
    static ImmutableArray<ITransformer> IntoNetwork(IHostEnvironment host, ImmutableArray<ITransformer> steps, IOnnxModel network)
    {
        var place = steps.IndexOf((ITransformer)network);
        foreach (var column in network.InputColumns)
        {
            var writer = steps.Take(place).Select((step, index) => (step, index))
                .LastOrDefault(pair => pair.step is IGraphStep step && step.OutputColumn == column);
            if (writer.step is not IGraphStep before)
                continue;
            if (steps.Skip(writer.index + 1).FirstOrDefault(step => Uses(host, step, column)) is { } other)
                throw new NotSupportedException($"SaveAsOnnx: {other.GetType().Name} uses column '{column}' too, whose arithmetic the "
                    + "file keeps inside the network. Save the chain without it, or let it use another column.");
            steps = steps.SetItem(writer.index, before.WithoutArithmetic())
                .SetItem(place, ((IOnnxModel)steps[place]).WithOnnx(Joined(before, (IOnnxModel)steps[place], column)));
        }
        return steps;
    }

    /// <summary>Puts the arithmetic of steps that replace a network's output, and that nothing between looks at, into the network's graph
    /// and out of the steps; all stay as they are where there is not one network.</summary>
    public static ImmutableArray<ITransformer> BehindNetwork(IHostEnvironment host, ImmutableArray<ITransformer> steps)
    {
        if (steps.OfType<IOnnxModel>().ToArray() is not [_])
            return steps;
        foreach (var step in steps.OfType<IScoreGraphStep>().ToArray())
        {
            var (place, own) = (steps.IndexOf((ITransformer)step), steps.OfType<IOnnxModel>().Single());
            var before = steps.IndexOf((ITransformer)own);
            if (before < place && own.OutputColumn == step.ScoreColumn
                && !steps[(before + 1)..place].Any(other => Uses(host, other, step.ScoreColumn)))
                steps = steps.RemoveAt(place).SetItem(before, own.WithOnnx(Joined(own, step)));
        }
        return steps;
    }

    // What steps of ML.NET take is not to be had without a schema; what they save of themselves names their columns.
    static bool Uses(IHostEnvironment host, ITransformer step, string column)
    {
        if (step is Step own)
            return own is RowStep && Names(JsonSerializer.SerializeToNode(own, SavedStep.Json), column);
        using var saved = new MemoryStream();
        new ModelOperationsCatalog(host).Save(step, null, saved);
        using var zip = new ZipArchive(saved);
        return zip.Entries.Any(entry =>
        {
            using var content = new MemoryStream();
            using (var packed = entry.Open())
                packed.CopyTo(content);
            // The strings of a part lie in a table of its own, in UTF-16; what a step writes as text beside it is UTF-8. A name that is
            // found by chance only means that saving is refused where it need not be.
            var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
            return bytes.IndexOf(Encoding.Unicode.GetBytes(column)) >= 0 || bytes.IndexOf(Encoding.UTF8.GetBytes(column)) >= 0;
        });
    }

    static byte[] Joined(IGraphStep step, IOnnxModel network, string column)
    {
        var (graph, metadata) = OnnxFile.Read(network.Onnx, network.GetType().Name);
        // A network with one input has whatever name its maker gave it; one with several names them by their columns.
        var input = graph.Inputs is [var only] ? only : graph.Inputs.First(candidate => candidate.Name == column);
        var pixels = Value.Input(input.Name, input.Shape);
        return OnnxFile.Write(graph.Replace(value => ReferenceEquals(value, input) ? step.Apply(pixels) : null), metadata);
    }

    static byte[] Joined(IOnnxModel network, IScoreGraphStep step)
    {
        var (graph, metadata) = OnnxFile.Read(network.Onnx, network.GetType().Name);
        var (name, scores) = graph.Outputs[0];
        return OnnxFile.Write(new(graph.Inputs, [(name, step.Apply(scores)), .. graph.Outputs.Skip(1)]), metadata);
    }

    static bool Names(JsonNode? node, string column) => node switch
    {
        JsonObject members => members.Any(member => Names(member.Value, column)),
        JsonArray elements => elements.Any(element => Names(element, column)),
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == column,
        _ => false,
    };
}

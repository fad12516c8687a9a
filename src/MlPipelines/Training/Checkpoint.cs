using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Training as it stands after an epoch: enough to go on to the same bits.</summary>
/// <param name="Run">What is trained, on what and how; a checkpoint of another run is refused.</param>
/// <param name="Steps">Batches learnt from.</param>
/// <param name="Updates">Updates of each group of weights.</param>
/// <param name="History">Epochs that are over.</param>
/// <param name="Now">All state.</param>
/// <param name="Best">All state of the best epoch; null when it is not kept.</param>
sealed record Checkpoint(string Run, long Steps, IReadOnlyList<long> Updates, IReadOnlyList<EpochMetrics> History, Dictionary<string, Tensor> Now, Dictionary<string, Tensor>? Best)
{
    const string NowPrefix = "now/", BestPrefix = "best/", FileName = "state.onnx";

    // A loss over validation samples may be infinite.
    static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    sealed record Facts(string Run, long Steps, long[] Updates, EpochMetrics[] History);

    /// <summary>Writes the checkpoint into a folder; the one there before stays until this one is whole.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var tensors = Now.Select(state => (Name: NowPrefix + state.Key, state.Value)).Concat((Best ?? []).Select(state => (Name: BestPrefix + state.Key, state.Value)));
        var graph = new Graph([], tensors.Select(state => (state.Name + ".out", Value.Parameter(state.Name, state.Value.Shape, Initializer.Fixed(state.Value), trainable: false))));
        var facts = JsonSerializer.Serialize(new Facts(Run, Steps, [.. Updates], [.. History]), Json);
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(OnnxFile.Write(graph, new Dictionary<string, string> { ["mlpipelines.checkpoint"] = facts })));
    }

    /// <summary>Reads the checkpoint of a folder; null when there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="run">What is trained.</param>
    /// <param name="passOver">Told of a checkpoint of another run, which then counts as none; null to refuse it.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another run.</exception>
    public static Checkpoint? Load(string folder, string run, Action<string>? passOver = null)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var (model, facts) = Read(path);
        if (facts.Run != run && passOver is not null)
        {
            passOver($"{path}: is the checkpoint of another training (its network, data, options or seed differ) and is replaced. To go on where a training stopped, give MLContext a seed and leave the rest as it was.");
            return null;
        }
        if (facts.Run != run)
            throw new InvalidDataException($"{path}: is the checkpoint of another training (its network, data or options differ). Delete it, or choose another folder.");
        Dictionary<string, Tensor> Under(string prefix) => model.Graph.Parameters.Where(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(parameter => parameter.Name[prefix.Length..], parameter => parameter.Initializer!.Content!);
        var best = Under(BestPrefix);
        return new(facts.Run, facts.Steps, facts.Updates, facts.History, Under(NowPrefix), best.Count == 0 ? null : best);
    }

    static (OnnxModel Model, Facts Facts) Read(string path)
    {
        try
        {
            var model = OnnxFile.Read(path);
            if (model.Metadata.TryGetValue("mlpipelines.checkpoint", out var text) && JsonSerializer.Deserialize<Facts>(text, Json) is { Run: not null, Updates: not null, History: not null } facts)
                return (model, facts);
        }
        catch (Exception exception) when (exception is InvalidDataException or GraphException or JsonException)
        {
            throw new InvalidDataException($"{path}: is no checkpoint, or a damaged one. Delete it, or choose another folder. ({exception.Message})", exception);
        }
        throw new InvalidDataException($"{path}: is no checkpoint. Delete it, or choose another folder.");
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Training as it stands after a step: enough to go on to the same bits.</summary>
/// <param name="Position">How far the learner is.</param>
/// <param name="Now">All its state.</param>
/// <param name="History">Epochs that are over.</param>
/// <param name="Begun">The epoch that is not over; null between two.</param>
/// <param name="Best">The best epoch; null when it is not kept.</param>
/// <param name="Head">The classifier alone, solved before the first step; null where it was not.</param>
sealed record Checkpoint(
    LearnerPosition Position, Dictionary<string, Tensor> Now, IReadOnlyList<EpochMetrics> History, BegunEpoch? Begun,
    KeptState? Best, KeptState? Head);

/// <summary>State that may be kept in the end, and how it did on the samples that are watched.</summary>
/// <param name="State">Weights and all else by name; of a head its own weights only.</param>
/// <param name="Right">Whether each sample that is watched is right; none without any.</param>
sealed record KeptState(Dictionary<string, Tensor> State, IReadOnlyList<bool> Right);

/// <summary>The folder of a training's checkpoint.</summary>
/// <param name="path">The folder.</param>
/// <param name="run">What is trained, on what and how; a checkpoint of another run is refused.</param>
/// <param name="passOver">Told of a checkpoint of another run, which then counts as none; null to refuse it.</param>
sealed class CheckpointFolder(string path, string run, Action<string>? passOver)
{
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan savedAt;
    long savedSteps;

    /// <summary>After how many steps a checkpoint is due; null for any number.</summary>
    public int? EverySteps { get; init; }

    /// <summary>After what time a checkpoint is due; null for any.</summary>
    public double? EverySeconds { get; init; }

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Whether it is time for a checkpoint.</summary>
    /// <param name="steps">Batches learnt from.</param>
    public bool IsDue(long steps) => steps - savedSteps >= EverySteps || (clock.Elapsed - savedAt).TotalSeconds >= EverySeconds;

    // State has its names in the network, so both states lie in one file under prefixes.
    const string NowPrefix = "now/", BestPrefix = "best/", HeadPrefix = "head/", FileName = "state.onnx",
        FactsKey = "mlpipelines.checkpoint";

    // A loss over validation samples may be infinite.
    static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    string FilePath => System.IO.Path.Combine(path, FileName);

    sealed record Facts(string Run, LearnerPosition Position, EpochMetrics[] History, BegunEpoch? Begun, bool[]? BestRight,
        bool[]? HeadRight);

    /// <summary>Writes a checkpoint; the one there before stays until this one is whole.</summary>
    /// <exception cref="IOException">It cannot be written; it is then not due again at once.</exception>
    public void Save(Checkpoint checkpoint)
    {
        (savedAt, savedSteps) = (clock.Elapsed, checkpoint.Position.Steps);
        var graph = new Graph([], [.. Under(NowPrefix, checkpoint.Now), .. Under(BestPrefix, checkpoint.Best?.State ?? []),
            .. Under(HeadPrefix, checkpoint.Head?.State ?? [])]);
        var facts = JsonSerializer.Serialize(new Facts(run, checkpoint.Position, [.. checkpoint.History], checkpoint.Begun,
            checkpoint.Best?.Right.ToArray(), checkpoint.Head?.Right.ToArray()), Json);
        AtomicFile.WriteWithFolder(FilePath, OnnxFile.Write(graph, new Dictionary<string, string> { [FactsKey] = facts }));
    }

    static IEnumerable<(string, Value)> Under(string prefix, Dictionary<string, Tensor> state) => state.Select(one =>
        ($"{prefix}{one.Key}.out", Value.Parameter(prefix + one.Key, one.Value.Shape, Initializer.Fixed(one.Value), trainable: false)));

    /// <summary>Reads the checkpoint; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another run.</exception>
    public Checkpoint? Load() => Bytes() is { } bytes ? Of(bytes, FilePath) : null;

    /// <summary>The checkpoint's file, if there is one of this run; null for none.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public byte[]? Bytes()
    {
        if (!File.Exists(FilePath))
            return null;
        var bytes = File.ReadAllBytes(FilePath);
        var facts = Read(bytes, FilePath).Facts;
        // Only equal runs go on to equal bits: their fingerprint holds all that the steps depend on, see RunFingerprint.
        if (facts.Run != run)
        {
            if (passOver is null)
                throw new InvalidDataException($"{FilePath}: is the checkpoint of another training (its network, data or options differ). "
                    + "Delete it, or choose another folder.");
            passOver($"{FilePath}: is the checkpoint of another training (its network, data, options or seed differ) and is replaced. To "
                + "go on where a training stopped, give MLContext a seed and leave the rest as it was.");
            return null;
        }
        savedSteps = facts.Position.Steps;
        return bytes;
    }

    /// <summary>The checkpoint of a file.</summary>
    /// <param name="bytes">Of <see cref="Bytes"/>.</param>
    /// <param name="name">What messages call it.</param>
    public static Checkpoint Of(byte[] bytes, string name)
    {
        var (model, facts) = Read(bytes, name);
        return new(facts.Position, Under(model, NowPrefix), facts.History, facts.Begun, Kept(BestPrefix, facts.BestRight),
            Kept(HeadPrefix, facts.HeadRight));

        KeptState? Kept(string prefix, bool[]? right) => right is null ? null : new(Under(model, prefix), right);
    }

    static Dictionary<string, Tensor> Under(OnnxModel model, string prefix) => model.Graph.Parameters
        .Where(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(parameter => parameter.Name[prefix.Length..], parameter => parameter.Initializer!.Content!);

    static (OnnxModel Model, Facts Facts) Read(byte[] bytes, string file)
    {
        try
        {
            var model = OnnxFile.Read(bytes, file);
            if (model.Metadata.TryGetValue(FactsKey, out var text)
                && JsonSerializer.Deserialize<Facts>(text, Json) is { Run: not null, Position.Updates: not null, History: not null } facts)
                return (model, facts);
        }
        catch (Exception exception) when (exception is InvalidDataException or GraphException or JsonException)
        {
            throw new InvalidDataException(
                $"{file}: is no checkpoint, or a damaged one. Delete it, or choose another folder. ({exception.Message})", exception);
        }
        throw new InvalidDataException($"{file}: is no checkpoint. Delete it, or choose another folder.");
    }
}

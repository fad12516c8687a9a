using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
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
    KeptState? Best, KeptState? Head)
{
    /// <summary>What the files that were read until then held, see <see cref="ReadFiles"/>.</summary>
    public byte[] Files { get; init; } = [];
}

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
    // Of the time between two checkpoints, this share goes into them at most. One that is written quickly is never
    // passed over: what a run that is killed learns again then matters more.
    const double MostShare = 0.02;
    static readonly TimeSpan cheap = TimeSpan.FromSeconds(0.2);

    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan savedAt, cost;
    long savedSteps;

    /// <summary>After how many steps a checkpoint is due; null for any number.</summary>
    public int? EverySteps { get; init; }

    /// <summary>After what time a checkpoint is due; null for any.</summary>
    public double? EverySeconds { get; init; }

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Whether there may be fewer checkpoints than <see cref="EverySeconds"/> and epochs ask for, where one takes long.</summary>
    public bool FollowsCost { get; init; }

    /// <summary>Whether it is time for a checkpoint within an epoch.</summary>
    /// <param name="steps">Batches learnt from.</param>
    public bool IsDue(long steps) =>
        steps - savedSteps >= EverySteps || ((clock.Elapsed - savedAt).TotalSeconds >= EverySeconds && !IsDear);

    /// <summary>Whether another checkpoint now would take too large a share of the time since the last one.</summary>
    public bool IsDear => FollowsCost && cost > cheap && clock.Elapsed - savedAt < cost / MostShare;

    // State has its names in the network, so both states lie in one file under prefixes.
    const string NowPrefix = "now/", BestPrefix = "best/", HeadPrefix = "head/", FileName = "state.bin";

    // A loss over validation samples may be infinite.
    static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    string FilePath => System.IO.Path.Combine(path, FileName);

    sealed record Facts(string Run, LearnerPosition Position, EpochMetrics[] History, BegunEpoch? Begun, bool[]? BestRight,
        bool[]? HeadRight)
    {
        public byte[] Files { get; init; } = [];
    }

    /// <summary>Writes a checkpoint; the one there before stays until this one is whole.</summary>
    /// <param name="make">Makes it, which takes time too.</param>
    /// <exception cref="IOException">It cannot be written; it is then not due again at once.</exception>
    public void Save(Func<Checkpoint> make)
    {
        var begun = clock.Elapsed;
        try
        {
            var checkpoint = make();
            savedSteps = checkpoint.Position.Steps;
            Write(checkpoint);
        }
        finally
        {
            (savedAt, cost) = (clock.Elapsed, clock.Elapsed - begun);
        }
    }

    void Write(Checkpoint checkpoint)
    {
        var (facts, tensors) = PartsOf(checkpoint, run);
        AtomicFile.WriteWithFolder(FilePath, file => CheckpointFile.Write(file, facts, tensors));
    }

    /// <summary>The checkpoint that the first process of several has read, in all of them; null where it has none.</summary>
    /// <param name="ranks">The processes; all come to this.</param>
    /// <param name="first">Of the first process.</param>
    public static Checkpoint? Shared(Ranks ranks, Checkpoint? first)
    {
        var (facts, tensors) = first is null ? ("", []) : PartsOf(first, "");
        var text = Encoding.UTF8.GetString(ranks.FromFirst(() => Encoding.UTF8.GetBytes(facts)));
        if (text.Length == 0)
            return null;
        var count = BitConverter.ToInt32(ranks.FromFirst(() => BitConverter.GetBytes(tensors.Length)));
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        // One after the other: all at once may be more than a message holds.
        for (var i = 0; i < count; i++)
            foreach (var (name, tensor) in CheckpointFile.Read(new MemoryStream(ranks.FromFirst(() => BytesOf(tensors[i])))).Tensors)
                state.Add(name, tensor);
        return Of(JsonSerializer.Deserialize<Facts>(text, Json)!, state);
    }

    static byte[] BytesOf(KeyValuePair<string, Tensor> tensor)
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, "", [tensor]);
        return stream.ToArray();
    }

    static (string Facts, KeyValuePair<string, Tensor>[] Tensors) PartsOf(Checkpoint checkpoint, string run)
    {
        var facts = new Facts(run, checkpoint.Position, [.. checkpoint.History], checkpoint.Begun, checkpoint.Best?.Right.ToArray(),
            checkpoint.Head?.Right.ToArray())
        {
            Files = checkpoint.Files,
        };
        return (JsonSerializer.Serialize(facts, Json), [.. Under(NowPrefix, checkpoint.Now),
            .. Under(BestPrefix, checkpoint.Best?.State ?? []), .. Under(HeadPrefix, checkpoint.Head?.State ?? [])]);
    }

    static IEnumerable<KeyValuePair<string, Tensor>> Under(string prefix, Dictionary<string, Tensor> state) =>
        state.Select(one => KeyValuePair.Create(prefix + one.Key, one.Value));

    /// <summary>Reads the checkpoint; null when there is none.</summary>
    /// <param name="changed">The files that hold something else than the checkpoint's <see cref="Checkpoint.Files"/> say.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another run.</exception>
    public Checkpoint? Load(Func<byte[], string[]> changed)
    {
        if (!File.Exists(FilePath))
            return null;
        var (state, facts) = Opened(FilePath);
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
        if (changed(facts.Files) is [var first, .. var others])
        {
            var found = $"{first}: {(others.Length == 0 ? "holds" : $"and {others.Length} more hold")} something else than when the "
                + $"training that stopped learnt from {(others.Length == 0 ? "it" : "them")}, so it cannot go on to the same model.";
            if (passOver is null)
                throw new InvalidDataException($"{found} Put back what was there, or delete {FilePath} and begin anew.");
            passOver($"{found} It begins anew.");
            return null;
        }
        savedSteps = facts.Position.Steps;
        return Of(facts, state);
    }

    static Checkpoint Of(Facts facts, Dictionary<string, Tensor> state)
    {
        return new(facts.Position, Of(state, NowPrefix), facts.History, facts.Begun, Kept(BestPrefix, facts.BestRight),
            Kept(HeadPrefix, facts.HeadRight));

        KeptState? Kept(string prefix, bool[]? right) => right is null ? null : new(Of(state, prefix), right);
    }

    static Dictionary<string, Tensor> Of(Dictionary<string, Tensor> state, string prefix) => state
        .Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(one => one.Key[prefix.Length..], one => one.Value);

    static (string Facts, Dictionary<string, Tensor> Tensors) Read(string path)
    {
        using var file = File.OpenRead(path);
        return CheckpointFile.Read(file);
    }

    static (Dictionary<string, Tensor> State, Facts Facts) Opened(string file)
    {
        try
        {
            var (text, state) = Read(file);
            return JsonSerializer.Deserialize<Facts>(text, Json) is
            { Run: not null, Position.Updates: not null, History: not null, Files: not null } facts ? (state, facts)
                : throw new InvalidDataException("Some of its facts are missing.");
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw new InvalidDataException(
                $"{file}: is no checkpoint, or a damaged one. Delete it, or choose another folder. ({exception.Message})", exception);
        }
    }
}

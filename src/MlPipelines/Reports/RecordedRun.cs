using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>A run as the files of its folder tell of it.</summary>
sealed class RecordedRun
{
    const string PipelineName = "pipeline.json", MetricsName = "metrics.json", HistoryName = "history.csv",
        PredictionsName = "predictions.csv";

    readonly List<string> problems = [];

    RecordedRun(string folder)
    {
        Folder = folder;
        Pipeline = Json(PathOf(PipelineName)) ?? [];
        Metrics = Json(PathOf(MetricsName));
        History = Read(PathOf(HistoryName), TrainingHistory.Read);
    }

    /// <summary>Path of the folder.</summary>
    public string Folder { get; }

    /// <summary>The folder's name.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>When its pipeline.json was written last.</summary>
    public DateTimeOffset Written => new(File.GetLastWriteTimeUtc(PathOf(PipelineName)));

    /// <summary>What ran; empty where the file is damaged.</summary>
    public JsonObject Pipeline { get; }

    /// <summary>What the test came to; null where it was not tested, or the file is damaged.</summary>
    public JsonObject? Metrics { get; }

    /// <summary>The epochs; null where none was whole, or the file is damaged.</summary>
    public TrainingHistory? History { get; }

    /// <summary>What is damaged, a sentence a file.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Share of the images it was tested with that are right.</summary>
    public double? Accuracy => Number(Metrics?["microAccuracy"]);

    /// <summary>Where that share lies with 95 % confidence.</summary>
    public Interval? AccuracyInterval => Metrics?["microAccuracyInterval95"] is JsonArray { Count: 2 } ends
        && (Number(ends[0]), Number(ends[1])) is ({ } lower, { } upper) ? new(lower, upper) : null;

    /// <summary>Images that it was tested with.</summary>
    public long? Tested => (long?)Number(Metrics?["rows"]);

    /// <summary>Time of all epochs; null where none is known.</summary>
    public double? Seconds => History is { Epochs: [_, ..] epochs } ? epochs.Sum(epoch => epoch.Seconds) : null;

    /// <summary>How far it came.</summary>
    public string State => File.Exists(PathOf(MetricsName)) ? "tested" : File.Exists(PathOf("model.onnx")) ? "learnt" : "begun";

    /// <summary>Network, what of it was learnt, and the data, in a few words.</summary>
    public string WhatRan
    {
        get
        {
            var network = Text(Pipeline["network"]) is { } asked ? Path.GetFileNameWithoutExtension(asked) : null;
            var learnt = Text((Pipeline["head"] as JsonObject)?["kind"]) is { } head ? $"{head} on {network}"
                : Number(Pipeline["fineTune"]) is { } epochs ? $"{network}, fine-tuned for {Counted.Of((long)epochs, "epoch")}" : network;
            var data = Text(Pipeline["folder"]) is { } folder
                ? $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} ({(Pipeline["classes"] as JsonObject)?.Count} classes)"
                : null;
            return string.Join(", ", new[] { learnt, data }.OfType<string>());
        }
    }

    /// <summary>Path of a file in the folder.</summary>
    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>What it predicted for the images it was tested with; null where there are none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public ScoredRows? Predictions => File.Exists(PathOf(PredictionsName)) ? PredictionsCsv.Read(PathOf(PredictionsName)) : null;

    /// <summary>Reads a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no run.</exception>
    public static RecordedRun Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: {(File.Exists(folder) ? "is a file" : "not found")}, the folder of a run is "
                + "needed. Check the path.");
        return IsRun(folder) ? new(folder)
            : throw new InvalidDataException($"{folder}: is no run, as it has no {PipelineName}. Name the folder of a run.");
    }

    /// <summary>The runs in a folder, by their names.</summary>
    /// <param name="parent">The folder of runs.</param>
    /// <param name="passedOver">Told of each folder in it that is no run; hidden ones are not told of.</param>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is a run itself.</exception>
    public static ImmutableArray<RecordedRun> All(string parent, Action<string> passedOver)
    {
        if (!Directory.Exists(parent))
            throw new DirectoryNotFoundException($"{parent}: {(File.Exists(parent) ? "is a file" : "not found")}, the folder of runs is "
                + "needed. Check the path.");
        if (IsRun(parent))
            throw new InvalidDataException($"{parent}: is a run itself, the folder that holds runs is needed. Name the one above it.");
        var runs = ImmutableArray.CreateBuilder<RecordedRun>();
        foreach (var folder in Directory.GetDirectories(parent).Where(folder => !Path.GetFileName(folder).StartsWith('.'))
            .Order(StringComparer.Ordinal))
            if (IsRun(folder))
                runs.Add(new(folder));
            else
                passedOver($"{folder}: is no run, as it has no {PipelineName}, and is left out");
        return runs.ToImmutable();
    }

    /// <summary>A number of a file; null where it is none.</summary>
    public static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    static string? Text(JsonNode? node) => node is JsonValue value ? value.ToString() : null;

    /// <summary>Whether a folder is that of a run.</summary>
    public static bool IsRun(string folder) => File.Exists(Path.Combine(folder, PipelineName));

    JsonObject? Json(string path) => Read(path, file =>
        JsonNode.Parse(File.ReadAllText(file), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject
        ?? throw new InvalidDataException($"{file}: is no JSON object."));

    // A damaged file is no reason to show nothing of the others.
    T? Read<T>(string path, Func<string, T> read) where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return read(path);
        }
        catch (Exception exception) when (exception is JsonException || RowReader.IsUnreadable(exception))
        {
            problems.Add(exception.Message.StartsWith(path, StringComparison.Ordinal) ? exception.Message
                : string.Create(CultureInfo.InvariantCulture, $"{path}: is damaged: {exception.Message}"));
            return null;
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>What all processes of a training have to share before its first step; whoever differs from the first is named.</summary>
static class Agreement
{
    /// <summary>Compares this process with the others.</summary>
    /// <param name="ranks">The processes; all come to this.</param>
    /// <param name="data">What this process found.</param>
    /// <param name="network">What it would train, initialised.</param>
    /// <param name="seed">Seed of order, augmentation and dropout.</param>
    /// <param name="options">How it would train.</param>
    /// <exception cref="CommunicationException">A process differs.</exception>
    public static void Check(Ranks ranks, TrainingData data, Graph network, int seed, ImageClassificationTrainer.Options options)
    {
        if (!ranks.AreSeveral)
            return;
        (string Name, string Value)[] own =
        [
            ("version of the library", $"{typeof(ImageClassifier).Assembly.GetName().Version}, ONNX Runtime {OnnxRuntime.Version}"),
            ("seed", seed.ToString(CultureInfo.InvariantCulture)),
            ("options", $"{StateText.Of(options.Model)} {StateText.Of(options.Learning)} {StateText.Of(options.Samples)}"),
            ("classes", StateText.Of(data.Labels)),
            ("number of images", $"{data.Train.Count} and {data.Validation?.Count ?? 0}"),
            ("images", string.Join(' ', Samples(data.Train).Concat(data.Validation is { } watched ? Samples(watched) : []))),
            ("network", Convert.ToHexStringLower(SHA256.HashData(OnnxFile.Write(network)))),
            ("training", RunFingerprint.Of(data, network, seed, options)),
        ];
        var all = ranks.Gather(JsonSerializer.SerializeToUtf8Bytes(own.Select(part => Hash(part.Value))))
            .Select(each => JsonSerializer.Deserialize<string[]>(each)!).ToArray();
        var others = all.Index().Where(each => !each.Item.SequenceEqual(all[0]))
            .Select(each => $"rank {each.Index} in its {string.Join(", ", own.Where((_, part) => each.Item[part] != all[0][part])
                .Select(part => part.Name).DefaultIfEmpty("form"))}").ToArray();
        if (others.Length > 0)
            throw new CommunicationException($"Training: the processes differ: {string.Join("; ", others)}, beside rank 0. Start all with "
                + "the same program, options and data, and give MLContext a seed.");
    }

    static IEnumerable<string> Samples(SampleTable table) => table.Samples.Select(sample => $"{sample.Id}:{sample.Label}");

    static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}

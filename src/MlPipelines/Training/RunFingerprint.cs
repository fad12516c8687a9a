using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>What two trainings must share for one to go on where the other stopped: the network with its weights, options, seed, samples, their labels and what is done to them. Of image files it does not read the pixels; what steps of others made of them is part of it.</summary>
static class RunFingerprint
{
    public static string Of(SampleTable train, SampleTable? validation, ImmutableArray<string> labels, NetworkInput input, Graph network, int seed, ImageClassificationTrainer.Options options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(FormattableString part) => hash.AppendData(Encoding.UTF8.GetBytes(part.ToString(CultureInfo.InvariantCulture) + "\n"));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Records write their numbers in the culture of the thread.
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            Add($"{train.Count} {validation?.Count ?? 0} {input} {options.BatchSize} {options.EffectiveOptimizer} {options.LearningRateScheduler} {options.LabelSmoothing} {seed} {options.Epoch} {options.ClassWeighting} {options.Sampling} {options.FeatureVariants} {options.Head} {!train.IsRandom} {string.Join(' ', train.Mixings)}");
            Add($"{options.GradientClipping} {options.GradientAccumulation} {options.WeightAveraging} {options.DepthRates} {options.Unfreezing} {options.FineTuning}");
            if (options.WarmStart is { } start)
                Add($"{Convert.ToHexStringLower(SHA256.HashData(start.Onnx.Span))}");
            foreach (var weight in options.ClassWeights)
                Add($"{weight}");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        foreach (var label in labels)
            Add($"{label}");
        foreach (var parameter in network.Parameters)
            Add($"{network.NameOf(parameter)} {parameter.IsTrainable}");
        hash.AppendData(OnnxFile.Write(network));
        foreach (var step in train.Samples.SelectMany(sample => StepsOf(sample.Content)).Distinct(StringComparer.Ordinal))
            Add($"{step}");
        foreach (var table in new[] { train, validation }.OfType<SampleTable>())
            foreach (var sample in table.Samples)
                Add($"{sample.Id} {sample.Label} {(options.ExampleWeightColumnName is null || table != train ? 1 : sample.Weight)}{KeptOf(sample.Content)}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<string> StepsOf(object content) => content switch
    {
        Picture picture => picture.Steps,
        KeptPicture kept => kept.Picture.Steps,
        LazyVector vector => vector.Steps,
        _ => [],
    };

    static string? KeptOf(object content) => content switch
    {
        StoredContent stored => $" {stored.Hash}",
        KeptPicture { Stored: var stored } => $" {stored.Hash}",
        RereadSample { Now: var now } => $" {now?.Hash}",
        _ => null,
    };
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>What two trainings must share for one to go on where the other stopped: the network with its weights, options, seed, samples and their labels. It does not read the images.</summary>
static class RunFingerprint
{
    public static string Of(IDataView train, IDataView? validation, ImmutableArray<string> labels, NetworkInput input, Graph network, int seed, ImageClassificationTrainer.Options options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(FormattableString part) => hash.AppendData(Encoding.UTF8.GetBytes(part.ToString(CultureInfo.InvariantCulture) + "\n"));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Records write their numbers in the culture of the thread.
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            Add($"{train.RowCount} {validation?.RowCount ?? 0} {input} {options.BatchSize} {options.EffectiveOptimizer} {options.LearningRateScheduler} {options.LabelSmoothing} {seed} {options.Epoch} {options.ClassWeighting} {options.Sampling} {options.FeatureVariants} {options.Head} {train.Repeats} {string.Join(' ', train.Mixings)}");
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
        foreach (var view in new[] { train, validation }.OfType<IDataView>())
        {
            var label = view.Schema.Find(options.LabelColumnName).Index;
            var weight = options.ExampleWeightColumnName is { } name && view == train ? view.Schema.Find(name).Index : (int?)null;
            for (var position = 0L; position < view.RowCount; position++)
            {
                var row = view.GetRow(position);
                Add($"{row.Id} {row.GetValue(label)}");
                if (weight is { } column)
                    Add($"{row.GetValue(column)}");
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

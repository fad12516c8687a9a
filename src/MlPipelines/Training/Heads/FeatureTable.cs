using MlPipelines.Data;

namespace MlPipelines.Training.Heads;

/// <summary>The features of all samples that can be read, with their classes.</summary>
sealed record FeatureTable(Sample[] Samples, int Classes)
{
    public int Count => Samples.Length;

    /// <summary>How much each sample counts, at least 0; null for their own weights.</summary>
    public float[]? Weights { get; init; }

    public float WeightOf(int sample) => Weights?[sample] ?? Samples[sample].Weight;

    /// <summary>The same with weights in which all classes that have samples count alike, as if as many of each were drawn; on average 1.</summary>
    public FeatureTable Balanced()
    {
        var counts = Enumerable.Range(0, Count).CountBy(ClassOf).ToDictionary();
        return this with { Weights = [.. Enumerable.Range(0, Count).Select(sample => (float)(WeightOf(sample) * Count / ((double)counts.Count * counts[ClassOf(sample)])))] };
    }

    public int ClassOf(int sample) => Samples[sample].Label;

    /// <summary>All variants of the training samples.</summary>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    public static FeatureTable Of(IDataView view, SampleReader reader, int classes, int variants, RowReading reading, CancellationToken cancellation)
    {
        var samples = Enumerable.Range(0, variants).SelectMany(variant => view.Read(reader.Read, reading with { Pass = variants > 1 ? Pass.Fit(variant) : default }, cancellation)).ToArray();
        return samples.Length > 0 ? new(samples, classes) : throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
    }

    public float[] FeaturesOf(int sample) => (float[])Samples[sample].Content;
}

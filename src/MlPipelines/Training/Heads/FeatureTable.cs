
namespace MlPipelines;

/// <summary>The features of all samples that can be read, with their classes.</summary>
sealed record FeatureTable(Sample[] Samples, int Classes)
{
    public int Count => Samples.Length;

    /// <summary>The same with weights in which all classes that have samples count alike, as if as many of each were drawn.</summary>
    public FeatureTable Balanced()
    {
        var counts = Samples.CountBy(sample => sample.Label).ToDictionary();
        return this with
        {
            Samples = [
                .. Samples.Select(sample =>
                    sample with { Weight = (float)(sample.Weight * Count / ((double)counts.Count * counts[sample.Label])) })]
        };
    }

    public float WeightOf(int sample) => Samples[sample].Weight;

    public int ClassOf(int sample) => Samples[sample].Label;

    /// <summary>All variants of the training samples.</summary>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    public static FeatureTable Of(SampleTable table, int classes, int variants, RowReading reading, CancellationToken cancellation)
    {
        var samples = Enumerable.Range(0, variants)
            .SelectMany(variant => table.Read(variants > 1 ? variant : SampleTable.AsItIs, reading, null, cancellation)).ToArray();
        return samples.Length > 0 ? new(samples, classes)
            : throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
    }

    public float[] FeaturesOf(int sample) => (float[])Samples[sample].Content;
}

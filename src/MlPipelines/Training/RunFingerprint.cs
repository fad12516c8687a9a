using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>
/// What two trainings must share for one to go on where the other stopped: the network with its weights, the options of what is learnt,
/// how and on what,
/// the seed, the samples, their labels and what is done to them; not where anything is kept, by how many threads, or who is told.
/// Of image files it does not read the pixels; what lies in memory, and what steps of others made of files, is part of it.
/// </summary>
static class RunFingerprint
{
    public static string Of(TrainingData data, Graph network, int seed, ImageClassificationTrainer.Options options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(FormattableString part) => hash.AppendData(Encoding.UTF8.GetBytes(part.ToString(CultureInfo.InvariantCulture) + "\n"));
        Add($"{StateText.Of(options.Model)} {StateText.Of(options.Learning)} {StateText.Of(options.Samples)} {seed}");
        Add($"{StateText.Of(data.Input)} {StateText.Of(data.Labels)} {data.Train.IsRandom} {StateText.Of(data.Train.Mixings)}");
        foreach (var parameter in network.Parameters)
            Add($"{network.NameOf(parameter)} {parameter.IsTrainable}");
        hash.AppendData(OnnxFile.Write(network));
        foreach (var step in data.Train.Samples.SelectMany(sample => StepsOf(sample.Content)).Distinct(StringComparer.Ordinal))
            Add($"{step}");
        AddSamples(data.Train, options.ExampleWeightColumnName is not null);
        if (data.Validation is { } validation)
            AddSamples(validation, isWeighted: false);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void AddSamples(SampleTable table, bool isWeighted)
        {
            Add($"{table.Count}");
            foreach (var sample in table.Samples)
                Add($"{sample.Id} {sample.Label} {(isWeighted ? sample.Weight : 1)}{KeptOf(sample.Content)}");
        }
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
        LazyVector { Source: { } source } => KeptOf(source),
        Picture { Image: { IsPixels: true } image } => $" {image.Width} {image.Height} {image.ContentKey()}",
        float[] numbers => $" {PixelCacheKey.OfContent(MemoryMarshal.AsBytes(numbers.AsSpan()))}",
        _ => null,
    };
}

using System.Collections.Immutable;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines.Networks;

/// <summary>What the maker of an ONNX file lets one conclude about what its network wants done with pixels.</summary>
/// <param name="Preprocessing">What it wants.</param>
/// <param name="Reason">What it is concluded from, for people.</param>
/// <param name="IsStated">Whether the file says so, or all files of its maker are so; else it is what most of them are.</param>
internal sealed record PreprocessingHint(Preprocessing Preprocessing, string Reason, bool IsStated)
{
    /// <summary>Key of the range of pixels in files for Windows ML, Azure Custom Vision's among them.</summary>
    const string RangeKey = "Image.NominalPixelRange";

    const string FormatKey = "Image.BitmapPixelFormat";

    static readonly ImmutableDictionary<string, Preprocessing> Ranges = ImmutableDictionary.CreateRange(
        StringComparer.OrdinalIgnoreCase, new Dictionary<string, Preprocessing>
        {
            ["NominalRange_0_255"] = Preprocessing.None,
            ["Normalized_0_1"] = Preprocessing.ZeroToOne,
            ["Normalized_1_1"] = Preprocessing.MinusOneToOne,
        });

    /// <summary>Parts of the names of producers, and what most of the networks that they write want.</summary>
    static readonly ImmutableArray<(string Producer, Preprocessing Usual)> Producers =
    [
        ("caffe", Preprocessing.ImageNetCaffe),
        ("cntk", Preprocessing.ImageNetCaffe),
        ("tf2onnx", Preprocessing.MinusOneToOne),
        ("keras", Preprocessing.MinusOneToOne),
        ("matlab", Preprocessing.None),
        ("pytorch", Preprocessing.ImageNetTorch),
        ("mxnet", Preprocessing.ImageNetTorch),
        ("paddle", Preprocessing.ImageNetTorch),
    ];

    /// <summary>The hint that a file gives; null where it gives none.</summary>
    /// <param name="onnx">The whole file.</param>
    /// <param name="channels">Channels of the images that the network takes.</param>
    /// <exception cref="InvalidDataException">It is no ONNX file.</exception>
    public static PreprocessingHint? Of(ReadOnlyMemory<byte> onnx, int channels)
    {
        var (texts, producer) = (OnnxMetadata.Read(onnx), OnnxMetadata.ProducerOf(onnx));
        var hint = Stated(texts) ?? Producers.Where(known => producer.Contains(known.Producer, StringComparison.OrdinalIgnoreCase))
            .Select(known => new PreprocessingHint(known.Usual, $"what most networks of {producer} want", IsStated: false))
            .FirstOrDefault();
        // What most networks of a maker want is what those of three colours want.
        return hint is not null && Preprocessing.PresetsFor(channels == 3 ? channels : 1).Contains(hint.Preprocessing) ? hint
            : hint is { IsStated: true } && channels >= 3 ? hint : null;
    }

    static PreprocessingHint? Stated(IReadOnlyDictionary<string, string> texts)
    {
        if (texts.GetValueOrDefault("author")?.Contains("ultralytics", StringComparison.OrdinalIgnoreCase) == true)
            return new(Preprocessing.ZeroToOne, "made by Ultralytics", IsStated: true);
        if (texts.TryGetValue(RangeKey, out var range) && Ranges.TryGetValue(range, out var found))
            return new(texts.GetValueOrDefault(FormatKey)?.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) == true
                ? new(found.Scale, found.Means, found.Deviations, ColourOrder.Bgr) : found, $"{RangeKey} in the file", IsStated: true);
        return null;
    }
}

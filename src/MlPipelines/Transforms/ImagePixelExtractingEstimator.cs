using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Turns images into vectors of numbers.</summary>
public sealed class ImagePixelExtractingEstimator(ImagePixelExtractingTransformer transformer) : TrivialEstimator<ImagePixelExtractingTransformer>(transformer)
{
    /// <summary>Channels to take.</summary>
    [Flags]
    public enum ColorBits
    {
        None = 0,
        Alpha = 1,
        Red = 2,
        Green = 4,
        Blue = 8,
        Rgb = Red | Green | Blue,
        All = Alpha | Rgb,
    }

    /// <summary>Order of the channels; those that are not taken are left out.</summary>
    public enum ColorsOrder
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }
}

/// <summary>Turns images into vectors of numbers: (pixel − mean) × scale, channel by channel.</summary>
/// <param name="OutputColumn">Column of the vectors.</param>
/// <param name="InputColumn">Column of the images.</param>
/// <param name="Colors">Channels to take; images have no alpha left, so that it is 255.</param>
/// <param name="Order">Order of the channels.</param>
/// <param name="Interleave">True for [H, W, C] instead of [C, H, W].</param>
/// <param name="Means">Subtracted, one for each channel taken, in the order of the result.</param>
/// <param name="Scales">Multiplied with, one for each channel taken, in the order of the result.</param>
/// <param name="AsFloat">True for floats; false for bytes, which take no means and scales.</param>
/// <remarks>A grey image has its one value in each colour channel. Pixels are 0–255.</remarks>
public sealed record ImagePixelExtractingTransformer(string OutputColumn, string InputColumn, ImagePixelExtractingEstimator.ColorBits Colors, ImagePixelExtractingEstimator.ColorsOrder Order,
    bool Interleave, ImmutableArray<float> Means, ImmutableArray<float> Scales, bool AsFloat) : RowTransformer
{
    const int Opaque = 3;

    public ImmutableArray<float> Means { get; } = OnePerChannel(Means, Channels(Colors, Order).Length, nameof(Means), AsFloat, 0);
    public ImmutableArray<float> Scales { get; } = OnePerChannel(Scales, Channels(Colors, Order).Length, nameof(Scales), AsFloat, 1);

    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<ImageDataViewType>(input, InputColumn, "an image");
        var (channels, size) = (Channels(Colors, Order), (ImageDataViewType)column.Type);
        ImmutableArray<int> dimensions = (size.Height, size.Width) switch
        {
            ({ } height, { } width) => Interleave ? [height, width, channels.Length] : [channels.Length, height, width],
            _ => [],
        };
        yield return AsFloat
            ? new(OutputColumn, new VectorDataViewType(typeof(float), dimensions), row => Floats((Image)row.GetValue(column.Index), channels))
            : new(OutputColumn, new VectorDataViewType(typeof(byte), dimensions), row => Bytes((Image)row.GetValue(column.Index), channels));
    }

    float[] Floats(Image image, int[] channels)
    {
        var pixels = Bytes(image, channels);
        var values = new float[pixels.Length];
        var plane = pixels.Length / channels.Length;
        for (var c = 0; c < channels.Length; c++)
        {
            var (mean, scale) = (Means[c], Scales[c]);
            var (start, step) = Interleave ? (c, channels.Length) : (c * plane, 1);
            for (var (i, at) = (0, start); i < plane; i++, at += step)
                values[at] = (pixels[at] - mean) * scale;
        }
        return values;
    }

    byte[] Bytes(Image image, int[] channels)
    {
        var from = image.Pixels;
        var deep = image.Channels;
        var plane = from.Length / deep;
        var values = new byte[plane * channels.Length];
        for (var c = 0; c < channels.Length; c++)
        {
            var (start, step) = Interleave ? (c, channels.Length) : (c * plane, 1);
            var source = deep == 1 ? 0 : channels[c];
            for (var (i, at) = (0, start); i < plane; i++, at += step)
                values[at] = channels[c] == Opaque ? byte.MaxValue : from[i * deep + source];
        }
        return values;
    }

    static int[] Channels(ImagePixelExtractingEstimator.ColorBits colors, ImagePixelExtractingEstimator.ColorsOrder order)
    {
        var taken = order.ToString().Select(letter => letter switch { 'R' => 0, 'G' => 1, 'B' => 2, _ => Opaque }).Where(channel => colors.HasFlag(Bit(channel))).ToArray();
        return taken.Length > 0 && Enum.IsDefined(order) ? taken : throw new ArgumentException($"ExtractPixels: got colours {colors} in order {order}, at least one of Red, Green, Blue, Alpha and a known order are needed.");
    }

    static ImagePixelExtractingEstimator.ColorBits Bit(int channel) => channel switch
    {
        0 => ImagePixelExtractingEstimator.ColorBits.Red,
        1 => ImagePixelExtractingEstimator.ColorBits.Green,
        2 => ImagePixelExtractingEstimator.ColorBits.Blue,
        _ => ImagePixelExtractingEstimator.ColorBits.Alpha,
    };

    static ImmutableArray<float> OnePerChannel(ImmutableArray<float> values, int channels, string name, bool asFloat, float neutral)
    {
        if (values.IsDefault || values.Length != channels)
            throw new ArgumentException($"ExtractPixels: got {(values.IsDefault ? 0 : values.Length)} {name.ToLowerInvariant()} for {channels} channels, one for each is needed.");
        return asFloat || values.All(value => value == neutral) ? values
            : throw new ArgumentException($"ExtractPixels: got {name.ToLowerInvariant()} {string.Join(", ", values)} for bytes, which are taken as they are. Set outputAsFloatArray.");
    }
}

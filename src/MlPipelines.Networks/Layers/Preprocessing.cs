using System.Collections.Immutable;
using System.Globalization;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>What a network wants done with pixels 0–255, RGB, before its first layer: y = (x · scale − mean) / deviation, channel by
/// channel, in the network's order of colours; the mean may be a picture, with a number for every pixel.</summary>
/// <remarks>It becomes part of the graph, so that a saved model takes plain pixels and repeats it exactly.</remarks>
public sealed record Preprocessing
{
    /// <summary>The key in a saved model's metadata under which its preprocessing is noted, for people.</summary>
    internal const string MetadataKey = "mlpipelines.preprocessing";

    /// <param name="scale">Multiplied with; more than 0.</param>
    /// <param name="means">Subtracted after scaling, in the network's order of colours; empty for none.</param>
    /// <param name="deviations">Divided by at the end, each more than 0; empty for none.</param>
    /// <param name="order">Order of the network's colours.</param>
    /// <exception cref="ArgumentException">There are neither none nor three means or deviations.</exception>
    public Preprocessing(float scale = 1, ImmutableArray<float> means = default, ImmutableArray<float> deviations = default,
        ColourOrder order = ColourOrder.Rgb)
    {
        Scale = Check.MoreThan(scale, 0);
        Means = Colours(means, nameof(means));
        Deviations = [.. Colours(deviations, nameof(deviations))
            .Select((deviation, channel) => Check.MoreThan(deviation, 0, $"deviations[{channel}]"))];
        Order = order;
    }

    /// <summary>Factor of pixels 0–255.</summary>
    public float Scale { get; }

    /// <summary>What is taken from each channel after scaling, in the order of the channels; empty for nothing.</summary>
    public ImmutableArray<float> Means { get; }

    /// <summary>What each channel is divided by, in the order of the channels; empty for nothing.</summary>
    public ImmutableArray<float> Deviations { get; }

    /// <summary>Order of the channels that the network gets.</summary>
    public ColourOrder Order { get; }

    /// <summary>A mean picture [3, height, width] that is taken from images after scaling, in the network's order of colours; null for
    /// none. For images of another size it is resized by bilinear interpolation.</summary>
    /// <remarks>As Caffe's and CNTK's networks of ImageNet have it.</remarks>
    /// <exception cref="ArgumentException">It is no such picture, or there are <see cref="Means"/> too.</exception>
    public Tensor? MeanImage
    {
        get;
        init => field = value is null or { Type: ElementType.Float, Shape: [3, > 0, > 0] } && (value is null || Means.IsEmpty) ? value
            : throw new ArgumentException($"MeanImage: got {value}{(Means.IsEmpty ? "" : " beside means of channels")}, needs "
                + "Float[3,height,width] and no means of channels beside it.", nameof(value));
    }

    /// <summary>The network takes pixels 0–255 in RGB as they are.</summary>
    public static Preprocessing None { get; } = new();

    /// <summary>0 to 1, RGB.</summary>
    public static Preprocessing ZeroToOne { get; } = new(1 / 255f);

    /// <summary>−1 to 1, RGB. Source: Keras's preprocess_input, mode "tf".</summary>
    public static Preprocessing MinusOneToOne { get; } = new(1 / 127.5f, [1, 1, 1]);

    /// <summary>0 to 1, then ImageNet's mean and deviation, RGB. Source: torchvision; Keras's preprocess_input, mode "torch".</summary>
    public static Preprocessing ImageNetTorch { get; } = new(1 / 255f, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>0 to 255 less ImageNet's mean, BGR. Source: Keras's preprocess_input, mode "caffe".</summary>
    public static Preprocessing ImageNetCaffe { get; } = new(1, [103.939f, 116.779f, 123.68f], order: ColourOrder.Bgr);

    static readonly ImmutableArray<(string Name, Preprocessing Value)> Presets =
        [(nameof(None), None), (nameof(ZeroToOne), ZeroToOne), (nameof(MinusOneToOne), MinusOneToOne),
            (nameof(ImageNetTorch), ImageNetTorch), (nameof(ImageNetCaffe), ImageNetCaffe)];

    /// <summary>Name of the preset that this is, such as ImageNetTorch; null for numbers of one's own.</summary>
    public string? Preset => Presets.FirstOrDefault(preset => preset.Value == this).Name;

    /// <summary>The preset of that name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static Preprocessing Named(string preset) =>
        Presets.FirstOrDefault(candidate => candidate.Name.Equals(preset, StringComparison.OrdinalIgnoreCase)).Value
        ?? throw new ArgumentException(
            $"preset: got '{preset}', needs one of {string.Join(", ", Presets.Select(candidate => candidate.Name))}.", nameof(preset));

    /// <summary>The presets that images of so many channels can be given.</summary>
    internal static IEnumerable<Preprocessing> PresetsFor(int channels) =>
        Presets.Select(preset => preset.Value).Where(preset => channels >= 3 || !preset.IsOfColours);

    bool IsOfColours => Order == ColourOrder.Bgr || Means.Length == 3 || Deviations.Length == 3;

    /// <summary>Names of all presets.</summary>
    public static IEnumerable<string> PresetNames => Presets.Select(preset => preset.Name);

    /// <summary>The name of the preset, or else the formula, such as (x · 0.017 − [1.77, 1.98, 2.1]), BGR.</summary>
    public override string ToString()
    {
        static string Listed(ImmutableArray<float> numbers) =>
            $"[{string.Join(", ", numbers.Select(number => number.ToString("g4", CultureInfo.InvariantCulture)))}]";
        var means = MeanImage is not null ? " − mean image" : Means.IsEmpty ? "" : $" − {Listed(Means)}";
        var deviations = Deviations.IsEmpty ? "" : $" / {Listed(Deviations)}";
        return Preset
            ?? string.Create(CultureInfo.InvariantCulture, $"({(Scale == 1 ? "x" : $"x · {Scale:g4}")}{means}){deviations}, ")
                + (Order == ColourOrder.Bgr ? "BGR" : "RGB");
    }

    /// <summary>What the network's first layer gets for images [N, C, H, W].</summary>
    /// <param name="image">The images.</param>
    /// <param name="needed">Channels that the network was made for.</param>
    /// <remarks>Grey images are repeated for a network that takes colours; channels after the third, such as alpha, are treated as the
    /// colours where those are treated alike, and else scaled only.</remarks>
    internal Value On(Value image, int needed)
    {
        var x = image.Shape[1] == 1 && needed == 3 ? Op.Concat(1, image, image, image) : image;
        var channels = x.Shape[1];
        if (channels < 3 && IsOfColours)
            throw new GraphException($"preprocessing is for three colours ({Preset ?? "means, deviations or order"}), the network takes "
                + $"images of {Counted.Of(needed, "channel")}. Take {string.Join(" or ", PresetsFor(needed).Select(one => one.Preset))}, "
                + "or give it one mean and one deviation: new Preprocessing(1 / 255f, [0.5f], [0.5f]).");
        if (Order == ColourOrder.Bgr)
            x = Op.Gather(x, Value.Constant(Tensor.Vector<long>([2, 1, 0, .. Enumerable.Range(3, channels - 3)]), "preprocessing/order"),
                1);
        var deviations = Enumerable.Range(0, channels).Select(channel => (double)Of(Deviations, channel, 1)).ToArray();
        float[] factors = [.. deviations.Select(deviation => (float)(Scale / deviation))],
            offsets = [.. deviations.Select((deviation, channel) => (float)(Of(Means, channel, 0) / deviation))];
        if (factors.Any(factor => factor != 1))
            x *= PerChannel("preprocessing/factor", factors);
        if (MeanImage is { } picture)
            return x - Value.Constant(Offsets(picture, image.Shape, deviations), "preprocessing/offset");
        return offsets.All(offset => offset == 0) ? x : x - PerChannel("preprocessing/offset", offsets);
    }

    // The mean picture at the images' size, divided by the deviations; channels after the third have none.
    static Tensor Offsets(Tensor picture, Shape images, double[] deviations)
    {
        var (height, width) = (images[2], images[3]);
        var numbers = new float[deviations.Length * height * width];
        for (var channel = 0; channel < 3; channel++)
        {
            var from = picture.Elements<float>().Slice(channel * picture.Shape[1] * picture.Shape[2], picture.Shape[1] * picture.Shape[2]);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    numbers[(channel * height + y) * width + x] = (float)(
                        Interpolated(from, picture.Shape[1], picture.Shape[2], Place(y, height, picture.Shape[1]),
                            Place(x, width, picture.Shape[2])) / deviations[channel]);
        }
        return Tensor.Of<float>([deviations.Length, height, width], numbers);
    }

    // Centres of pixels lie at halves; the border is continued.
    static double Place(int at, int size, int from) => Math.Clamp((at + 0.5) * from / size - 0.5, 0, from - 1);

    static double Interpolated(ReadOnlySpan<float> plane, int height, int width, double y, double x)
    {
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
        var (down, across) = (y - top, x - left);
        return plane[top * width + left] * (1 - down) * (1 - across) + plane[top * width + right] * (1 - down) * across
            + plane[bottom * width + left] * down * (1 - across) + plane[bottom * width + right] * down * across;
    }

    static float Of(ImmutableArray<float> numbers, int channel, float others) =>
        channel < numbers.Length ? numbers[channel]
        : !numbers.IsEmpty && numbers.All(number => number == numbers[0]) ? numbers[0] : others;

    static Value PerChannel(string name, float[] numbers) =>
        Value.Constant(numbers.All(number => number == numbers[0]) ? Tensor.Of<float>([1, 1, 1], [numbers[0]])
            : Tensor.Of<float>([numbers.Length, 1, 1], numbers), name);

    static ImmutableArray<float> Colours(ImmutableArray<float> numbers, string name) => numbers switch
    {
        { IsDefaultOrEmpty: true } => [],
        { Length: 1 or 3 } => numbers,
        _ => throw new ArgumentException(
            $"{name}: got {numbers.Length} numbers, needs three, one for each colour, or one for all, or none.", name),
    };

    /// <inheritdoc/>
    public bool Equals(Preprocessing? other) =>
        other is not null && Scale == other.Scale && Order == other.Order && Means.SequenceEqual(other.Means)
        && Deviations.SequenceEqual(other.Deviations) && (MeanImage is null == other.MeanImage is null)
        && (MeanImage is null
            || MeanImage.Shape == other.MeanImage!.Shape && MeanImage.Bytes.Span.SequenceEqual(other.MeanImage.Bytes.Span));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scale, Order, Means.Length, Deviations.Length);
}

/// <summary>Order of a network's colours.</summary>
public enum ColourOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Blue, green, red.</summary>
    Bgr,
}

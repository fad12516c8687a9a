using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Random transforms and standardisation of images, with the arguments,
/// defaults and order of Keras's ImageDataGenerator.</summary>
/// <remarks>
/// Images are [C, H, W] floats, 0–255. In order: one affine map and one resample (rotation, shifts, shear, zoom), channel shift,
/// mirroring, brightness; then
/// <see cref="Preprocessing"/> and <see cref="PreprocessingFunction"/>, <see cref="Rescale"/>, samplewise centre and scale, featurewise
/// centre and scale, ZCA whitening.
/// Nothing is rounded to whole steps in between, except by <see cref="Preprocessing"/> and by brightness
/// in the historical behaviours. dtype is always float32.
/// Source: keras-preprocessing 1.1.2, image_data_generator; <see cref="KerasCompatibility"/> says what differs.
/// </remarks>
public sealed partial record ImageDataGenerator
{
    /// <summary>Subtract from each channel its mean over the data that <c>Fit</c> saw. Scaling and whitening imply it.</summary>
    public bool FeaturewiseCenter { get => field || FeaturewiseStdNormalization || ZcaWhitening; init; }

    /// <summary>Subtract from each image its own mean, over all its channels. Scaling implies it.</summary>
    public bool SamplewiseCenter { get => field || SamplewiseStdNormalization; init; }

    /// <summary>Divide each channel by its standard deviation over the data that <c>Fit</c> saw, plus 10⁻⁶.
    /// Whitening takes its place.</summary>
    public bool FeaturewiseStdNormalization { get => field && !ZcaWhitening; init; }

    /// <summary>Divide each image by its own standard deviation, plus 10⁻⁶.</summary>
    public bool SamplewiseStdNormalization { get; init; }

    /// <summary>Multiply by the matrix that makes pixels uncorrelated and changes them least. Needs images of one size,
    /// up to some 64×64.</summary>
    public bool ZcaWhitening { get; init; }

    /// <summary>Keeps what hardly varies from being magnified without bound, more than 0; of rescaled pixels.</summary>
    public float ZcaEpsilon { get; init => field = Check.MoreThan(value, 0, nameof(ZcaEpsilon)); } = 1e-6f;

    /// <summary>Largest angle in degrees, in [0, 180]; drawn uniformly from [−RotationRange, RotationRange].</summary>
    public float RotationRange { get; init => field = Check.Within(value, 0, 180, nameof(RotationRange)); }

    /// <summary>How far to move across.</summary>
    public ShiftRange WidthShiftRange { get; init; } = 0f;

    /// <summary>How far to move up or down.</summary>
    public ShiftRange HeightShiftRange { get; init; } = 0f;

    /// <summary>What the factor of brightness is drawn from; null for no change.</summary>
    public FactorRange? BrightnessRange { get; init; }

    /// <summary>Largest angle of the shear in degrees, in [0, 80]; drawn uniformly from [−ShearRange, ShearRange].</summary>
    public float ShearRange { get; init => field = Check.Within(value, 0, 80, nameof(ShearRange)); }

    /// <summary>What the part that is shown is drawn from, for rows and for columns; below 1 magnifies. Keras's plain number z is <c>(1 −
    /// z, 1 + z)</c>: <see cref="Zoom"/>.</summary>
    public FactorRange ZoomRange
    {
        get; init =>
        field = value is { Lower: > 0 } ? value
        : throw new ArgumentOutOfRangeException(nameof(ZoomRange),
            $"ZoomRange: got {value}, needs a lower bound of more than 0.");
    } = new(1, 1);

    /// <summary>Largest amount added to all channels, in steps of 8-bit channels;
    /// drawn uniformly from [−ChannelShiftRange, ChannelShiftRange].</summary>
    public float ChannelShiftRange { get; init => field = Check.AtLeast(value, 0, nameof(ChannelShiftRange)); }

    /// <summary>What lies outside the image.</summary>
    public FillMode FillMode
    {
        get; init =>
        field = Enum.IsDefined(value) ? value
        : throw new ArgumentOutOfRangeException(nameof(FillMode), $"FillMode: got {value}, needs Nearest, Constant, Reflect or Wrap.");
    } =
            FillMode.Nearest;

    /// <summary>What lies outside the image, for <see cref="FillMode.Constant"/>.</summary>
    public float Cval { get; init; }

    /// <summary>Mirror left for right, half the time.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Mirror top for bottom, half the time.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>Factor of all pixels, such as 1 / 255f; null for none.</summary>
    public float? Rescale
    {
        get; init =>
        field = value is { } factor && !(float.IsFinite(factor) && factor != 0)
        ? throw new ArgumentOutOfRangeException(nameof(Rescale), $"Rescale: got {factor}, needs a finite number other than 0.") : value;
    }

    /// <summary>Your own code, from image to image of the same size, [C, H, W] before rescaling; it runs in training and in prediction,
    /// from several threads. A pipeline with it cannot be saved.</summary>
    [JsonIgnore]
    public Func<Tensor, Tensor>? PreprocessingFunction { get; init; }

    /// <summary>An augmentation in place of a preprocessing function, such as random erasing; while a trainer learns only, and saved with
    /// the pipeline. Pixels are rounded to 0–255 for it.</summary>
    public ImageAugmentation? Preprocessing { get; init; }

    /// <summary>Share of each class that <see cref="ImageGeneratorCatalog.ValidationSplit"/> keeps for validation, in [0, 1).</summary>
    public float ValidationSplit
    {
        get; init =>
        field = value is >= 0 and < 1 ? value
        : throw new ArgumentOutOfRangeException(nameof(ValidationSplit),
            $"ValidationSplit: got {value}, needs a value from 0 to less than 1.");
    }

    /// <summary>0 for the nearest pixel, 1 for a mixture of the four around.</summary>
    public int InterpolationOrder { get; init => field = Check.Within(value, 0, 1, nameof(InterpolationOrder)); } = 1;

    /// <summary>Which of Keras's behaviours.</summary>
    public KerasCompatibility Compatibility
    {
        get; init =>
        field = Enum.IsDefined(value) ? value
        : throw new ArgumentOutOfRangeException(nameof(Compatibility), $"Compatibility: got {value}, needs Correct, Classic or Current.");
    }

    /// <summary>Mean of each channel, of rescaled pixels; set by <c>Fit</c>.</summary>
    public ImmutableArray<float> Mean { get; init; } = [];

    /// <summary>Standard deviation of each channel, of rescaled pixels; set by <c>Fit</c>.</summary>
    public ImmutableArray<float> Std { get; init; } = [];

    /// <summary>What whitens; set by <c>Fit</c>. A model file holds it in the network's graph.</summary>
    [JsonIgnore]
    public WhiteningMatrix? Whitening { get; init; }

    /// <summary>Keras's plain number for <see cref="ZoomRange"/>: from 1 − z to 1 + z.</summary>
    public static FactorRange Zoom(float z) => new(1 - Check.Within(z, 0, 0.99f), 1 + z);

    /// <summary>Whether anything is drawn at random.</summary>
    internal bool Augments => RotationRange > 0 || !WidthShiftRange.IsNone || !HeightShiftRange.IsNone || BrightnessRange is not null
        || ShearRange > 0 || !ZoomRange.IsOne
        || ChannelShiftRange > 0 || HorizontalFlip || VerticalFlip || Preprocessing is not null;

    /// <summary>Whether statistics of the data are needed that are not there yet.</summary>
    internal bool NeedsFit =>
        FeaturewiseCenter && Mean.IsEmpty || FeaturewiseStdNormalization && Std.IsEmpty || ZcaWhitening && Whitening is null;

    /// <summary>This generator without all that changes the scale of pixels.</summary>
    internal ImageDataGenerator OfPixels => this with
    {
        Rescale = null,
        SamplewiseCenter = false,
        SamplewiseStdNormalization = false,
        FeaturewiseCenter = false,
        FeaturewiseStdNormalization = false,
        ZcaWhitening = false,
        Mean = [],
        Std = [],
        Whitening = null,
    };
}

using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>How an image is sought by gradient steps: from noise, with what keeps it like a photograph.</summary>
/// <remarks>Pixels are numbers from −0.5 to 0.5 while an image is sought, and stay between them. Steps are Adam's, whose rate falls to 0 by
/// half a cosine. Source of the penalties: Mahendran, Vedaldi 2016, arXiv:1512.02017, §3.2.</remarks>
public abstract record ImageOptimizationOptions
{
    private protected ImageOptimizationOptions() { }

    /// <summary>Gradient steps.</summary>
    public int Steps { get; init => field = Check.Within(value, 1, 100_000, nameof(Steps)); } = 200;

    /// <summary>How far a pixel goes in the first step, as a share of the range of pixels.</summary>
    public float LearningRate { get; init => field = Rate(value); } = 0.02f;

    /// <summary>Weight of the total variation: the mean over places of (Δx² + Δy²)^(β/2), added over channels, for differences in
    /// 1/6.5 of the range of pixels, which is what photographs have.</summary>
    public float TotalVariation { get; init => field = NotNegative(value, nameof(TotalVariation)); }

    /// <summary>β of the total variation: 1 keeps edges, 2 smooths.</summary>
    public float TotalVariationExponent { get; init => field = Check.Within(value, 1, 4, nameof(TotalVariationExponent)); } = 2;

    /// <summary>Weight of the α-norm, which keeps pixels off the ends of their range: the mean over places of |x|^α, where 1 is the length
    /// of a pixel whose channels are all at an end.</summary>
    public float AlphaNorm { get; init => field = NotNegative(value, nameof(AlphaNorm)); }

    /// <summary>α of the α-norm.</summary>
    public float AlphaNormExponent { get; init => field = Check.Within(value, 1, 16, nameof(AlphaNormExponent)); } = 6;

    /// <summary>The most pixels that the image is moved by in each step, at random, what leaves one side coming in at the other; null for
    /// one in 28 of its shorter side.</summary>
    public int? Jitter { get; init => field = value is { } pixels ? Check.AtLeast(pixels, 0, nameof(Jitter)) : null; }

    /// <summary>Standard deviation of the blur after each step, in pixels; falls to 0 as the rate does.</summary>
    /// <remarks>Source: Yosinski et al. 2015, arXiv:1506.06579, §3.</remarks>
    public float Blur { get; init => field = Check.Within(value, 0, 100, nameof(Blur)); }

    /// <summary>The image that the search begins with, brought to the size that the network gets; null for noise about grey.</summary>
    public Image? Start { get; init; }

    /// <summary>Of the noise that an image begins as, and of its moves.</summary>
    public int Seed { get; init; }

    static float Rate(float value) => Check.MoreThan(Check.Within(value, 0, 1, nameof(LearningRate)), 0, nameof(LearningRate));

    static float NotNegative(float value, string name) =>
        float.IsFinite(Check.AtLeast(value, 0, name)) ? value
        : throw new ArgumentOutOfRangeException(name, $"{name}: got {value}, needs a finite number.");
}

/// <summary>How an image is restored from what a layer gives for it.</summary>
/// <remarks>Source: Mahendran, Vedaldi 2015, arXiv:1412.0035.</remarks>
public sealed record InversionOptions : ImageOptimizationOptions
{
    /// <summary>Those that suit layers in the middle: early ones need less <see cref="ImageOptimizationOptions.TotalVariation"/>, deep
    /// ones more.</summary>
    public InversionOptions() => (TotalVariation, AlphaNorm, LearningRate, Jitter) = (0.05f, 0.001f, 0.05f, 0);
}

/// <summary>How an image is sought that a unit, a channel or a class responds to most.</summary>
/// <remarks>Source: Simonyan, Vedaldi, Zisserman 2014, arXiv:1312.6034, §2; Olah, Mordvintsev, Schubert 2017,
/// doi:10.23915/distill.00007.</remarks>
public sealed record MaximizationOptions : ImageOptimizationOptions
{
    /// <summary>Those that suit channels and classes.</summary>
    public MaximizationOptions() => (TotalVariation, AlphaNorm, LearningRate) = (0.1f, 0.05f, 0.05f);
}

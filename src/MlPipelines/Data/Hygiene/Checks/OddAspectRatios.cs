namespace MlPipelines;

/// <summary>Images far longer, or far less long, than the set's median.</summary>
/// <param name="Factor">How many times the ratio of the longer to the shorter side is that of the median.</param>
/// <inheritdoc/>
public sealed record OddAspectRatios(double Factor = 2) : OutlierCheck(Factor)
{
    /// <inheritdoc/>
    protected override string Name => "images of an odd shape";
    /// <inheritdoc/>
    protected override string Advice => "Crop them to what they show: fitted into a square, they are squeezed, cut off or mostly margin.";

    private protected override double Measure(ImageFacts image) =>
        Math.Log(Math.Max(image.Width, image.Height) / (double)Math.Min(image.Width, image.Height));

    private protected override string Words(ImageFacts image, double median) =>
        $"is {image.Width}×{image.Height}, a ratio of {Math.Exp(Measure(image)):0.0}; the middle one of the set is {Math.Exp(median):0.0}";
}

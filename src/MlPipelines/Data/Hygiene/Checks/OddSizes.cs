namespace MlPipelines;

/// <summary>Images far smaller or larger than the set's median; the square root of the number of pixels counts.</summary>
/// <param name="Factor">How many times smaller or larger.</param>
/// <inheritdoc/>
public sealed record OddSizes(double Factor = 4) : OutlierCheck(Factor)
{
    /// <inheritdoc/>
    protected override string Name => "images of an odd size";
    /// <inheritdoc/>
    protected override string Advice => "Look whether they are thumbnails or whole scans among photographs.";

    private protected override double Measure(ImageFacts image) => Math.Log((double)image.Width * image.Height) / 2;

    private protected override string Words(ImageFacts image, double median) =>
        $"is {image.Width}×{image.Height} pixels; the middle one of the set has {Math.Exp(2 * median):0} in all";
}

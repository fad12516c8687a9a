namespace MlPipelines;

/// <summary>Images out of focus or moved, as they are seen at 256 pixels.</summary>
/// <param name="Level">Share of the change from pixel to pixel that a blur of 9 pixels leaves, from 0 to 1,
/// above which an image is blurry.</param>
/// <remarks>
/// Of 1,137 photographs of clothes of 224 pixels none reaches more than 0.46; blurred by a Gaussian of 2 pixels they reach 0.56 or more in
/// 95 of 100 cases, of 3 pixels 0.63 or more in 99.5.
/// Images of less than 64 pixels a side are not judged. Drawings of smooth shades can count as blurry.
/// </remarks>
public sealed record BlurryImages(double Level = 0.55) : QualityCheck
{
    /// <inheritdoc cref="BlurryImages" path="/param[@name='Level']"/>
    public double Level { get; } = Check.Within(Level, 0, 1);
    /// <inheritdoc/>
    protected override string Name => "blurry images";
    /// <inheritdoc/>
    protected override string Advice => "Look at them, and take them again, unless the images to be recognised are as blurry.";

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey) =>
        survey.Images.Where(image => image.Blurriness > Level)
        .Select(image => (image, $"a further blur changes it little (blur {image.Blurriness:0.00} of 1)"));
}

namespace MlPipelines;

/// <summary>Images of which all but a twentieth is almost white.</summary>
/// <param name="Level">Grey level, from 0 to 255, that 95 % of the pixels reach.</param>
/// <remarks>The default is CleanVision's: 0.95 of white.</remarks>
public sealed record LightImages(double Level = 242) : QualityCheck
{
    /// <inheritdoc cref="LightImages" path="/param[@name='Level']"/>
    public double Level { get; } = Check.Within(Level, 0, 255);
    /// <inheritdoc/>
    protected override string Name => "light images";
    /// <inheritdoc/>
    protected override string Advice => "Take them again or darken them, unless the images to be recognised are as light.";

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey) =>
        survey.Images.Where(image => image.Tones.Low >= Level)
        .Select(image => (image, $"95 % of it is at least {image.Tones.Low:0} of 255 bright"));
}

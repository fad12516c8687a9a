namespace MlPipelines;

/// <summary>Images of which all but a hundredth is dark.</summary>
/// <param name="Level">Grey level, from 0 to 255, that 99 % of the pixels do not exceed.</param>
/// <remarks>The default is CleanVision's: 0.32 of white.</remarks>
public sealed record DarkImages(double Level = 81) : QualityCheck
{
    /// <inheritdoc cref="DarkImages" path="/param[@name='Level']"/>
    public double Level { get; } = Check.Within(Level, 0, 255);
    /// <inheritdoc/>
    protected override string Name => "dark images";
    /// <inheritdoc/>
    protected override string Advice => "Take them again or lighten them, unless the images to be recognised are as dark.";

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey) =>
        survey.Images.Where(image => image.Tones.High <= Level)
        .Select(image => (image, $"99 % of it is at most {image.Tones.High:0} of 255 bright"));
}

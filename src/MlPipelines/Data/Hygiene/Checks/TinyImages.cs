namespace MlPipelines;

/// <summary>Images of a few pixels.</summary>
/// <param name="Side">Pixels that width and height should both have at least.</param>
public sealed record TinyImages(int Side = 10) : QualityCheck
{
    /// <inheritdoc cref="TinyImages" path="/param[@name='Side']"/>
    public int Side { get; } = Check.AtLeast(Side, 1);
    /// <inheritdoc/>
    protected override string Name => "tiny images";
    /// <inheritdoc/>
    protected override string Advice => "Fetch them in full size or take them out: enlarged, they show nothing.";

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey) =>
        survey.Images.Where(image => Math.Min(image.Width, image.Height) < Side)
        .Select(image => (image, $"is {image.Width}×{image.Height} pixels, needs at least {Side}×{Side}"));
}

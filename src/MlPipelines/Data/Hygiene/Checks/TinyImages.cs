namespace MlPipelines;

/// <summary>Images of a few pixels.</summary>
/// <param name="Side">Pixels that width and height should both have at least.</param>
public sealed record TinyImages(int Side = 10) : QualityCheck
{
    public int Side { get; } = Check.AtLeast(Side, 1);
    protected override string Name => "tiny images";
    protected override string Advice => "Fetch them in full size or take them out: enlarged, they show nothing.";

    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey) =>
        survey.Images.Where(image => Math.Min(image.Width, image.Height) < Side)
        .Select(image => (image, $"is {image.Width}×{image.Height} pixels, needs at least {Side}×{Side}"));
}

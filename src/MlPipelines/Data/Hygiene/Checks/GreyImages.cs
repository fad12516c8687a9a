namespace MlPipelines;

/// <summary>Grey images in a set of coloured ones.</summary>
/// <param name="Saturation">Mean difference of the largest and the smallest channel, from 0 to 255,
/// at or below which an image is grey.</param>
public sealed record GreyImages(double Saturation = 1) : QualityCheck
{
    /// <inheritdoc cref="GreyImages" path="/param[@name='Saturation']"/>
    public double Saturation { get; } = Check.Within(Saturation, 0, 255);
    /// <inheritdoc/>
    protected override string Name => "grey images";
    /// <inheritdoc/>
    protected override string Advice =>
        "Look whether the grey ones belong to one class: the model would learn that class by its lack of colour.";

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey)
    {
        var grey = survey.Images.Where(image => image.Tones.Saturation <= Saturation).ToArray();
        return 2 * grey.Length >= survey.Images.Length ? [] : grey.Select(image => (image, "is grey, most images have colours"));
    }
}

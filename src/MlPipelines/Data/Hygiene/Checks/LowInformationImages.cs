namespace MlPipelines;

/// <summary>Images that show next to nothing: all but one colour.</summary>
/// <param name="Bits">Entropy of the grey levels below which an image shows too little, from 0 to 8.</param>
/// <remarks>A photograph has 6 to 8 bits. The default is Datalab's 0.15, of CleanVision's scale of ten bits.</remarks>
public sealed record LowInformationImages(double Bits = 1.5) : QualityCheck
{
    /// <inheritdoc cref="LowInformationImages" path="/param[@name='Bits']"/>
    public double Bits { get; } = Check.Within(Bits, 0, 8);
    /// <inheritdoc/>
    protected override string Name => "images that show next to nothing";
    /// <inheritdoc/>
    protected override string Advice => "Look at them: an empty page or a covered lens teaches nothing.";

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey) =>
        survey.Images.Where(image => image.Tones.Entropy < Bits)
        .Select(image => (image, $"its grey levels have {image.Tones.Entropy:0.0} bits of information"));
}

namespace MlPipelines;

/// <summary>Images far longer, or far less long, than the set's median.</summary>
/// <param name="Factor">How many times the ratio of the longer to the shorter side is that of the median.</param>
/// <remarks>It must also be 5 standard deviations from the median, estimated as 1.4826 times the median distance from it,
/// of the logarithm.</remarks>
public sealed record OddAspectRatios(double Factor = 2) : QualityCheck
{
    public double Factor { get; } = Check.MoreThan(Factor, 1);
    protected override string Name => "images of an odd shape";
    protected override string Advice => "Crop them to what they show: fitted into a square, they are squeezed, cut off or mostly margin.";

    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey)
    {
        var (median, deviation) = Spread(survey.Images.Select(Length));
        var most = Math.Max(Math.Log(Factor), 5 * 1.4826 * deviation);
        return survey.Images.Where(image => Math.Abs(Length(image) - median) > most)
            .Select(image =>
                (image,
                    $"is {image.Width}×{image.Height}, a ratio of {Math.Exp(Length(image)):0.0}; the middle one of the set "
                        + $"is {Math.Exp(median):0.0}"));
    }

    static double Length(ImageFacts image) => Math.Log(Math.Max(image.Width, image.Height) / (double)Math.Min(image.Width, image.Height));
}

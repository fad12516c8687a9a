namespace MlPipelines;

/// <summary>Images far smaller or larger than the set's median.</summary>
/// <param name="Factor">How many times smaller or larger; the square root of the number of pixels counts.</param>
/// <remarks>It must also be 5 standard deviations from the median, estimated as 1.4826 times the median distance from it,
/// of the logarithm.</remarks>
public sealed record OddSizes(double Factor = 4) : QualityCheck
{
    public double Factor { get; } = Check.MoreThan(Factor, 1);
    protected override string Name => "images of an odd size";
    protected override string Advice => "Look whether they are thumbnails or whole scans among photographs.";

    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey)
    {
        var (median, deviation) = Spread(survey.Images.Select(Size));
        var most = Math.Max(Math.Log(Factor), 5 * 1.4826 * deviation);
        return survey.Images.Where(image => Math.Abs(Size(image) - median) > most)
            .Select(image =>
                (image, $"is {image.Width}×{image.Height} pixels; the middle one of the set has {Math.Exp(2 * median):0} in all"));
    }

    static double Size(ImageFacts image) => Math.Log((double)image.Width * image.Height) / 2;
}

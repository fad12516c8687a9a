namespace MlPipelines;

/// <summary>Images whose measure is far from the set's median.</summary>
/// <remarks>Far is so many times, and also 5 standard deviations, estimated as 1.4826 times the median distance from the median,
/// of the logarithm.</remarks>
public abstract record OutlierCheck : QualityCheck
{
    private protected OutlierCheck(double factor) => Factor = Check.MoreThan(factor, 1, nameof(Factor));

    /// <summary>How many times smaller or larger than the median.</summary>
    public double Factor { get; }

    /// <summary>The logarithm of what is measured.</summary>
    private protected abstract double Measure(ImageFacts image);

    /// <summary>What is odd about an image, where the middle one of the set has that measure.</summary>
    private protected abstract string Words(ImageFacts image, double median);

    /// <inheritdoc/>
    protected override IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey)
    {
        var (median, deviation) = Spread(survey.Images.Select(Measure));
        var most = Math.Max(Math.Log(Factor), 5 * 1.4826 * deviation);
        return survey.Images.Where(image => Math.Abs(Measure(image) - median) > most).Select(image => (image, Words(image, median)));
    }
}

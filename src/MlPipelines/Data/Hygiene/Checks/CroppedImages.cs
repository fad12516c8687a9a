namespace MlPipelines;

/// <summary>Images so long that cropping them to a square, as a network takes them, cuts much of them away.</summary>
/// <param name="Share">The share of an image that is cut away from which on it is much.</param>
/// <remarks>Said of the set as a whole, and only where a fifth of it is such; single odd ones are <see cref="OddAspectRatios"/>.</remarks>
public sealed record CroppedImages(double Share = 0.35) : DataCheck
{
    const double Often = 0.2;

    /// <inheritdoc cref="CroppedImages" path="/param[@name='Share']"/>
    public double Share { get; } = Check.Within(Share, 0, 1);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        var cut = survey.Images.Where(image => Cut(image) > Share).ToArray();
        if (cut.Length == 0 || cut.Length < Often * survey.Images.Length)
            yield break;
        var worst = cut.MaxBy(Cut)!;
        yield return new(nameof(CroppedImages), Severity.Warning, [],
            $"{cut.Length} of {survey.Images.Length} lose more than {Share:0%} of themselves when they are cropped to a square, the most "
                + $"{worst.Path} ({worst.Width}×{worst.Height}): {Cut(worst):0%}",
            "Where what matters may lie at the edge, train with ResizingKind.IsoPad or Fill (mlpipe train --resizing pad or stretch).");
    }

    static double Cut(ImageFacts image) =>
        1 - (double)Math.Min(image.Width, image.Height) / Math.Max(image.Width, image.Height);
}

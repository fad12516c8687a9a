namespace MlPipelines;

/// <summary>Classes that can be told by one number that has nothing to do with what the images show, such as their size:
/// a model would learn that instead.</summary>
/// <param name="Accuracy">Balanced accuracy of one threshold, from 0.5 to 1, from which on a class counts as told; it must be reached with
/// 99 % confidence, so that some 30 images of the class are needed.</param>
/// <remarks>
/// Looked at are width, height, their ratio, bytes per pixel, the quality of JPEGs, camera data, formats,
/// common sizes and lack of colour, which are warned of;
/// and brightness, contrast, colourfulness and brightness of the margin, which may well belong to a class. Chance is ruled out at 1 % for
/// all classes and numbers together.
/// </remarks>
public sealed record Shortcuts(double Accuracy = 0.8) : DataCheck
{
    /// <inheritdoc cref="Shortcuts" path="/param[@name='Accuracy']"/>
    public double Accuracy { get; } = Check.Within(Accuracy, 0.5, 1);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        var labelled = survey.Images.Where(image => image.Label is not null).ToArray();
        foreach (var (name, told) in GroupDifferences.Of(labelled, image => image.Label!, Accuracy, cancellation))
        {
            var (technical, seen) =
                (told.Where(one => one.Feature.IsTechnical).ToArray(), told.Where(one => !one.Feature.IsTechnical).ToArray());
            if (technical.Length > 0)
                yield return new(nameof(Shortcuts), Severity.Warning, [],
                    $"class '{name}': {GroupDifferences.Text(technical, "the others")}",
                    "Bring the images of all classes to the same size, shape and format, from the same sources; a model learns what is "
                        + "easiest to tell.");
            if (seen.Length > 0)
                yield return new("VisibleShortcuts", Severity.Advice, [], $"class '{name}': {GroupDifferences.Text(seen, "the others")}",
                    "If light or background is not what makes the class, take some of its images in the light and before the background "
                        + "of the others, or vary brightness by augmentation.");
        }
    }
}

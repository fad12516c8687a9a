namespace MlPipelines;

/// <summary>The same file twice, told by SHA-256: in two parts, in two classes, or in one class.</summary>
public sealed record ExactDuplicates : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return survey.Images.GroupBy(image => image.Digest).Select(group => group.ToArray()).Where(group => group.Length > 1)
            .SelectMany(group =>
                DuplicateFindings.Of(group, "", $"{group.Length} copies of one image", (Severity.Error, Severity.Error, Severity.Warning)));
    }
}

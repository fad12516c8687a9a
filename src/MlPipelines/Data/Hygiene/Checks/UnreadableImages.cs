namespace MlPipelines;

/// <summary>Files that are damaged, cut short, empty, too large or no images for all their name.</summary>
public sealed record UnreadableImages : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return survey.Unreadable.Select(row =>
            new Finding(nameof(UnreadableImages), Severity.Error, [row.Path], Reason(row),
                "Fetch them again, mend them or move them away; training skips them."));
    }

    static string Reason(SkippedRow row) =>
        row.Reason.StartsWith($"{row.Path}: ", StringComparison.Ordinal) ? row.Reason[(row.Path.Length + 2)..] : row.Reason;
}

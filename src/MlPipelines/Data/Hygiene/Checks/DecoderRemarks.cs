namespace MlPipelines;

/// <summary>Files that are decoded whole, and yet not as their format asks for: with bytes in them that belong to nothing.</summary>
public sealed record DecoderRemarks : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return from image in survey.Images
               where image.DecoderRemark is not null
               select new Finding(nameof(DecoderRemarks), Severity.Warning, [image.Path],
                   string.Join("; ", image.DecoderRemark!.Split('\n', StringSplitOptions.TrimEntries).Distinct()),
                   "Look at them: a picture whose file was damaged may be wrong in part. They are learnt from.");
    }
}

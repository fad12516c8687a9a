namespace MlPipelines;

/// <summary>What lies among the images and is not taken for one, and class folders without any.</summary>
public sealed record IgnoredFiles : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return survey.Ignored.Select(file => Directory.Exists(file.Path)
            ? new Finding("IgnoredFolders", Severity.Warning, [file.Path], file.Reason,
                "Put images into them, mend what keeps them from being read, or move them away.")
            : File.Exists(file.Path) && ArchiveKinds.IsArchive(file.Path)
            ? new("DamagedArchives", Severity.Error, [file.Path], file.Reason, "Training goes on without what is missing.")
            : new(nameof(IgnoredFiles), Severity.Advice, [file.Path], file.Reason,
                "Move them into a class folder and convert them if they are images; else leave them or move them away."));
    }
}

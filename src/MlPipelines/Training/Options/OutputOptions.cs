namespace MlPipelines;

/// <summary>What comes of it and where it is kept.</summary>
sealed record OutputOptions
{
    /// <summary>Seconds between checkpoints where nothing else is asked for; more where one takes long.</summary>
    public const double UsualCheckpointSeconds = 300;

    public string ScoreColumnName { get; init => field = Check.Named(value, nameof(ScoreColumnName)); } = "Score";
    public string PredictedLabelColumnName
    {
        get; init =>
        field = Check.Named(value, nameof(PredictedLabelColumnName));
    } = "PredictedLabel";
    public string? FinalModelPrefix { get; init; }
    public string? WorkspacePath { get; init; }
    /// <summary>Whether a checkpoint of another run in the workspace is an error, whatever else is asked for.</summary>
    public bool RefusesOtherRuns { get; init; }
    public int? CheckpointSteps { get; init => field = value is { } steps ? Check.AtLeast(steps, 1, nameof(CheckpointSteps)) : null; }
    public double? CheckpointSeconds
    {
        get; init =>
        field = value is { } seconds ? Check.MoreThan(seconds, 0, nameof(CheckpointSeconds)) : null;
    } = UsualCheckpointSeconds;
    public bool ReuseTrainSetBottleneckCachedValues { get; init; }
    public bool ReuseValidationSetBottleneckCachedValues { get; init; }
    public string? TrainSetBottleneckCachedValuesFileName
    {
        get; init =>
        field = value is null ? null : Check.Named(value, nameof(TrainSetBottleneckCachedValuesFileName));
    } = "trainSetBottleneck";
    public string? ValidationSetBottleneckCachedValuesFileName
    {
        get; init =>
        field = value is null ? null
        : Check.Named(value, nameof(ValidationSetBottleneckCachedValuesFileName));
    } = "validationSetBottleneck";
}

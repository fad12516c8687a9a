namespace MlPipelines;

/// <summary>Names of the columns of scored data: the output of a model, with the true classes beside it.</summary>
/// <param name="Label">Column of the true classes, text or a key.</param>
/// <param name="Score">Column of the scores, one a class.</param>
/// <param name="PredictedLabel">Column of the predicted classes, text or a key.</param>
/// <param name="ImagePath">Column of the images' files, where there is one.</param>
public sealed record ScoredColumns(string Label = "Label", string Score = "Score", string PredictedLabel = "PredictedLabel",
    string ImagePath = "ImagePath")
{
    /// <inheritdoc cref="ScoredColumns"/>
    public string Label { get; } = Check.Named(Label);

    /// <inheritdoc cref="ScoredColumns"/>
    public string Score { get; } = Check.Named(Score);

    /// <inheritdoc cref="ScoredColumns"/>
    public string PredictedLabel { get; } = Check.Named(PredictedLabel);

    /// <inheritdoc cref="ScoredColumns"/>
    public string ImagePath { get; } = Check.Named(ImagePath);

    /// <summary>Column that says which cohort a row belongs to (a camera, a hospital, a year), text, a key or a number; null for
    /// none.</summary>
    public string? Cohort { get; init => field = value is null ? null : Check.Named(value, nameof(Cohort)); }
}

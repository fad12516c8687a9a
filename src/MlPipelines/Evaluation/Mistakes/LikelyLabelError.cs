namespace MlPipelines;

/// <summary>A row whose label a model that has not seen it contradicts with confidence.</summary>
/// <param name="Id">Which sample.</param>
/// <param name="Path">File of the image; null when the data came from no file.</param>
/// <param name="Label">Name of the class that it is said to be of.</param>
/// <param name="Likely">Name of the class that it rather is of.</param>
/// <param name="LabelScore">Score of its label.</param>
/// <param name="LikelyScore">Score of the other class.</param>
public sealed record LikelyLabelError(long Id, string? Path, string Label, string Likely, float LabelScore, float LikelyScore);

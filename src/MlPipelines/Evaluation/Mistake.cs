namespace MlPipelines;

/// <summary>A row whose predicted class is not its true one.</summary>
/// <param name="Id">Which sample.</param>
/// <param name="Path">File of the image; null when the data came from no file.</param>
/// <param name="True">Name of its class.</param>
/// <param name="Predicted">Name of the class predicted.</param>
/// <param name="Score">Score of the class predicted.</param>
/// <param name="File">Name of its copy in the folder of mistakes; null when it could not be copied.</param>
public sealed record Mistake(long Id, string? Path, string True, string Predicted, float Score, string? File = null)
{
    /// <summary>Name of the picture beside the copy that shows which places speak for the class predicted; null for none.</summary>
    public string? HeatMap { get; init; }
}

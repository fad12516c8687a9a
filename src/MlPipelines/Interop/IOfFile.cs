namespace MlPipelines.Interop;

/// <summary>A step whose messages name the file of the model that it was loaded with.</summary>
interface IOfFile
{
    /// <summary>The file; null for a step that was made in this process. It is not saved.</summary>
    string? File { get; set; }
}

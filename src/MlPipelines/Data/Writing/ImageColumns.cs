namespace MlPipelines;

/// <summary>Names of the columns of labelled images.</summary>
/// <param name="Label">Column of the classes.</param>
/// <param name="ImagePath">Column of the files.</param>
/// <param name="Image">Column of the pictures to take instead of files; null to take pictures (of the last such column) only where there
/// is no file.</param>
public sealed record ImageColumns(string Label = "Label", string ImagePath = "ImagePath", string? Image = null)
{
    /// <inheritdoc cref="ImageColumns"/>
    public string Label { get; } = Check.Named(Label);

    /// <inheritdoc cref="ImageColumns"/>
    public string ImagePath { get; } = Check.Named(ImagePath);
}

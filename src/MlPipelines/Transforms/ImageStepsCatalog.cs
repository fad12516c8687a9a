namespace MlPipelines;

/// <summary>Steps that load and augment images.</summary>
public static class ImageStepsCatalog
{
    /// <summary>Opens the image files whose paths a column holds, upright, in one size, antialiased. A trainer decodes each once; resized
    /// pixels are kept in the context's pixel cache.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the images.</param>
    /// <param name="inputColumnName">Column of the paths; one may go on inside a zip or tar. What was fitted on paths predicts for bytes,
    /// streams or images under that name too.</param>
    /// <param name="imageWidth">In pixels, at least 1.</param>
    /// <param name="imageHeight">In pixels, at least 1.</param>
    /// <param name="resizing">How an image of another shape is fitted in.</param>
    /// <param name="cropAnchor">The part that IsoCrop keeps.</param>
    /// <param name="grayscale">Whether the images are turned grey, so that a trainer sees one channel.</param>
    /// <param name="imageFolder">Folder that relative paths start from and do not leave; null for the working directory.</param>
    /// <param name="keepAlpha">Whether the images keep their alpha, so that a trainer sees four channels: red, green, blue, and an alpha
    /// that is 255 where a file has none; else what is transparent lies over white.</param>
    /// <remarks>ML.NET's own <c>LoadImages(output, folder, input)</c> and ResizeImages do as well,
    /// slower and without antialiasing or orientation.</remarks>
    public static StepEstimator<ImageLoader> LoadImages(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        int imageWidth, int imageHeight,
        ResizingKind resizing = ResizingKind.IsoCrop, Anchor cropAnchor = Anchor.Center, bool grayscale = false, string? imageFolder = null,
        bool keepAlpha = false)
    {
        var host = catalog.Host();
        return new(host, new(outputColumnName, Check.Named(inputColumnName), Check.AtLeast(imageWidth, 1), Check.AtLeast(imageHeight, 1))
        {
            Resizing = resizing,
            CropAnchor = cropAnchor,
            Grayscale = grayscale,
            KeepsAlpha = keepAlpha,
            Folder = imageFolder,
            Cache = host.PixelCache(),
        });
    }

    /// <summary>Opens the image files whose paths a column holds, upright, each in its own size.</summary>
    /// <inheritdoc cref="LoadImages(TransformsCatalog, string, string, int, int, ResizingKind, Anchor, bool, string?, bool)"/>
    public static StepEstimator<ImageLoader> LoadImages(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        bool grayscale, string? imageFolder = null, bool keepAlpha = false)
    {
        var host = catalog.Host();
        return new(host, new(outputColumnName, Check.Named(inputColumnName))
        {
            Grayscale = grayscale,
            KeepsAlpha = keepAlpha,
            Folder = imageFolder,
            Cache = host.PixelCache(),
        });
    }

    /// <summary>Changes images at random while a trainer learns from them, differently in each epoch;
    /// at any other time they pass as they are.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columnName">Column of the images.</param>
    /// <param name="augmentations">The changes, in order.</param>
    public static StepEstimator<ImageAugmentingTransformer> AugmentImages(this TransformsCatalog catalog, string columnName,
        params Augmentation[] augmentations)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        var host = catalog.Host();
        return new(host, new(Check.Named(columnName), columnName, host.Seed(), [.. augmentations]));
    }
}

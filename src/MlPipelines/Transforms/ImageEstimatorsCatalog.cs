using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Transforms of images.</summary>
public static class ImageEstimatorsCatalog
{
    /// <summary>Opens the image files whose paths a column holds.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the images.</param>
    /// <param name="imageFolder">
    /// With <paramref name="inputColumnName"/>: the folder that relative paths start from. Alone: the column of the paths; or, as in ML.NET, the folder, if there is no such column
    /// and the output column already holds the paths.
    /// </param>
    /// <param name="inputColumnName">Column of the paths.</param>
    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null) =>
        new(outputColumnName, imageFolder, inputColumnName, cache: catalog.Context.PixelCache);

    /// <summary>Reads the bytes of the image files whose paths a column holds; the arguments are those of <see cref="LoadImages"/>.</summary>
    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null) =>
        new(outputColumnName, imageFolder, inputColumnName, encoded: true);

    /// <summary>Brings images to one size, antialiased.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the resized images.</param>
    /// <param name="imageWidth">In pixels.</param>
    /// <param name="imageHeight">In pixels.</param>
    /// <param name="inputColumnName">Column of the images; null for the same column.</param>
    /// <param name="resizing">How an image of another shape is fitted in.</param>
    /// <param name="cropAnchor">The part that IsoCrop keeps.</param>
    public static ImageResizingEstimator ResizeImages(this TransformsCatalog catalog, string outputColumnName, int imageWidth, int imageHeight, string? inputColumnName = null,
        ResizingKind resizing = ResizingKind.IsoCrop, Anchor cropAnchor = Anchor.Center) =>
        new(new(Check.Named(outputColumnName), inputColumnName ?? outputColumnName, imageWidth, imageHeight, resizing, cropAnchor));

    /// <summary>Turns images grey, one channel.</summary>
    public static TrivialEstimator<ImageGrayscalingTransformer> ConvertToGrayscale(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(new(Check.Named(outputColumnName), inputColumnName ?? outputColumnName));

    /// <summary>Turns vectors of numbers into images: number × scale + offset, rounded and clipped to 0–255.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="imageHeight">In pixels.</param>
    /// <param name="imageWidth">In pixels.</param>
    /// <param name="outputColumnName">Column of the images.</param>
    /// <param name="inputColumnName">Column of the vectors; null for the same column.</param>
    /// <param name="interleavedColors">True for [H, W, C] instead of [C, H, W].</param>
    /// <param name="scaleImage">Multiplied with.</param>
    /// <param name="offsetImage">Added.</param>
    public static TrivialEstimator<VectorToImageTransformer> ConvertToImage(this TransformsCatalog catalog, int imageHeight, int imageWidth, string outputColumnName, string? inputColumnName = null,
        bool interleavedColors = false, float scaleImage = 1, float offsetImage = 0) =>
        new(new(Check.Named(outputColumnName), inputColumnName ?? outputColumnName, imageHeight, imageWidth, interleavedColors, scaleImage, offsetImage));

    /// <summary>Turns images into vectors: (pixel − offset) × scale, or (pixel − mean) × scale channel by channel.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the vectors.</param>
    /// <param name="inputColumnName">Column of the images; null for the same column.</param>
    /// <param name="colorsToExtract">Channels to take.</param>
    /// <param name="orderOfExtraction">Order of the channels.</param>
    /// <param name="interleavePixelColors">True for [H, W, C] instead of [C, H, W].</param>
    /// <param name="offsetImage">Subtracted from every channel.</param>
    /// <param name="scaleImage">Every channel is multiplied with it.</param>
    /// <param name="outputAsFloatArray">False for bytes.</param>
    /// <param name="means">Subtracted, one for each channel taken; in place of <paramref name="offsetImage"/>.</param>
    /// <param name="scales">Multiplied with, one for each channel taken; in place of <paramref name="scaleImage"/>.</param>
    public static ImagePixelExtractingEstimator ExtractPixels(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.ColorsOrder.ARGB, bool interleavePixelColors = false,
        float offsetImage = 0, float scaleImage = 1, bool outputAsFloatArray = true, IEnumerable<float>? means = null, IEnumerable<float>? scales = null)
    {
        var channels = int.PopCount((int)colorsToExtract);
        ImmutableArray<float> Each(IEnumerable<float>? values, float same) => values is null ? [.. Enumerable.Repeat(same, channels)] : [.. values];
        return new(new(Check.Named(outputColumnName), inputColumnName ?? outputColumnName, colorsToExtract, orderOfExtraction, interleavePixelColors,
            Each(means, offsetImage), Each(scales, scaleImage), outputAsFloatArray));
    }
}

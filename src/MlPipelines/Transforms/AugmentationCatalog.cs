
namespace MlPipelines;

/// <summary>Augmentation of images.</summary>
public static class AugmentationCatalog
{
    /// <summary>Changes images at random while a trainer learns from them, differently in each epoch; at any other time they pass as they are.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columnName">Column of the images.</param>
    /// <param name="augmentations">The changes, in order.</param>
    public static TrivialEstimator<ImageAugmentingTransformer> AugmentImages(this TransformsCatalog catalog, string columnName, params Augmentation[] augmentations)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(augmentations);
        return new(new(Check.Named(columnName), columnName, catalog.Context.Seed, [.. augmentations]));
    }
}

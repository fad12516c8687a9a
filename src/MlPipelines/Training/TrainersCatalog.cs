namespace MlPipelines;

/// <summary>The trainer among ML.NET's trainers, by the names of Microsoft.ML.Vision.</summary>
public static class TrainersCatalog
{
    /// <summary>Trains a network on labelled images.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">What is trained, on what and for how long.</param>
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, ImageClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new(catalog.Host(), options);
    }

    /// <summary>Trains a network on labelled images.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Column of the classes, a key or text.</param>
    /// <param name="featureColumnName">Column of images, of image files' bytes or paths, or of vectors [C, H, W].</param>
    /// <param name="scoreColumnName">Column for the probabilities of the classes.</param>
    /// <param name="predictedLabelColumnName">Column for the most probable class, a key.</param>
    /// <param name="validationSet">Samples to watch; null takes a tenth of the others.</param>
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = "Features", string scoreColumnName = "Score", string predictedLabelColumnName = "PredictedLabel",
        IDataView? validationSet = null) =>
        catalog.ImageClassification(new ImageClassificationTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
        });
}

namespace MlPipelines;

/// <summary>Predictions from several versions of each image.</summary>
public static class TestTimeAugmentationCatalog
{
    /// <summary>The same model, whose classifier scores several versions of each image and averages; null for the image alone.</summary>
    /// <param name="model">A fitted or loaded pipeline with an <see cref="ImageClassifier"/>; it stays as it is.</param>
    /// <param name="augmentation">The versions.</param>
    /// <remarks>Saved with the model. Each version takes as long as an image. The new model has a network of its own,
    /// to be disposed of on its own.</remarks>
    /// <exception cref="ArgumentException">The pipeline has no classifier.</exception>
    public static TransformerChain<ITransformer> WithTestTimeAugmentation(this ITransformer model, TestTimeAugmentation? augmentation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var steps = model.ScoringSteps().ToArray();
        return steps.OfType<ImageClassifier>().Any()
            ? new([.. steps.Select(step => step is ImageClassifier classifier ? classifier.With(augmentation) : step)])
            : throw new ArgumentException("WithTestTimeAugmentation: the pipeline "
                + $"holds {string.Join(", ", steps.Select(step => step.GetType().Name))}, an ImageClassifier is needed.");
    }

    /// <summary>The same model, whose classifier also scores versions of each image drawn from the augmentations it was trained with,
    /// as fastai does.</summary>
    /// <param name="model">A fitted or loaded pipeline with AugmentImages and an <see cref="ImageClassifier"/>; it stays as it is.</param>
    /// <param name="count">How many versions are drawn.</param>
    /// <param name="beta">Weight of the image as it is.</param>
    /// <exception cref="ArgumentException">The pipeline has no classifier, or augments nothing.</exception>
    public static TransformerChain<ITransformer> WithTestTimeAugmentation(this ITransformer model, int count = 4, float beta = 0.25f)
    {
        ArgumentNullException.ThrowIfNull(model);
        ImageAugmentation[] trained =
            [.. model.Steps().OfType<ImageAugmentingTransformer>().SelectMany(step => step.Augmentations).OfType<ImageAugmentation>()];
        return trained.Length > 0
            ? model.WithTestTimeAugmentation(new DrawnVersions(count, beta, [.. trained]))
            : throw new ArgumentException("WithTestTimeAugmentation: the pipeline was trained without augmenting images, so there is "
                + "nothing to draw from. Name the versions: new MirroredVersions(), or --tta shift on the command line.");
    }
}

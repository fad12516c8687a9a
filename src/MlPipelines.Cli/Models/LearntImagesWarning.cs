namespace MlPipelines.Cli;

/// <summary>Says that a model is judged by images that it learnt from.</summary>
static class LearntImagesWarning
{
    /// <param name="terminal">Where.</param>
    /// <param name="model">The model.</param>
    /// <param name="images">Images that it is judged by, with a column ImagePath.</param>
    /// <param name="name">What they are called.</param>
    public static void Write(Terminal terminal, ITransformer model, IDataView images, string name)
    {
        if (model.ScoringSteps().OfType<ImageClassifier>().SingleOrDefault()?.LearntFrom is not { } learnt)
            return;
        var overlap = terminal.Watch("comparing", images.CountRows(),
            _ => learnt.Among(images, RowSelection.PathColumn, terminal.Cancellation));
        if (overlap.Learnt > 0)
            terminal.Error($"warning: {name}: the model has learnt from {(learnt.Count < learnt.Images ? "about " : "")}{overlap.Learnt} "
                + $"of these {overlap.Images} images, such as {overlap.Paths[0]}, so that the figures say less of new ones. Judge it by "
                + "images that are kept apart.");
    }
}

namespace MlPipelines;

/// <summary>What is made of scores, on the catalog of classifiers.</summary>
public static class ScoreVerbs
{
    /// <summary>Makes scores honest: fitted on scored rows that the classifier has not learnt from, it gives the step that scales every
    /// score by one temperature.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="labelColumnName">Column of the true classes, text or a key.</param>
    /// <param name="scoreColumnName">Column of the scores, one a class, of probabilities.</param>
    /// <example><code>var calibrated = model.Append(ml.MulticlassClassification.TemperatureScaling().Fit(model.Transform(watched)));</code>
    /// </example>
    public static TemperatureScaling TemperatureScaling(this MulticlassClassificationCatalog catalog, string labelColumnName = "Label",
        string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(catalog.Host(), Check.Named(labelColumnName), Check.Named(scoreColumnName));
    }

    /// <summary>Adds a column with the class predicted where its score is at least <paramref name="threshold"/>, and 'unknown' where it is
    /// not.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="threshold">From 0 to 1.</param>
    /// <param name="outputColumnName">Column of the answers, text.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    public static StepEstimator<RejectOption> RejectBelow(this MulticlassClassificationCatalog catalog, float threshold,
        string outputColumnName = "Answer", ScoredColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        columns ??= new();
        return new(catalog.Host(), new RejectOption(threshold, outputColumnName)
        {
            ScoreColumn = columns.Score,
            PredictedLabelColumn = columns.PredictedLabel,
        });
    }
}

using System.Globalization;
using MlPipelines.Augmentations;
using MlPipelines.Data;
using MlPipelines.Pipelines;
using MlPipelines.Reports;
using MlPipelines.Training;
using MlPipelines.Transforms;

namespace MlPipelines.Cli;

/// <summary>A search for a learning rate, from a folder's images to a curve.</summary>
static class LearningRateRun
{
    public static int Start(Terminal terminal, MLContext ml, IDataView train, RunFolder run, TrainingSettings settings)
    {
        var prepare = ml.Transforms.LoadImages("Image", "ImagePath").Append(ml.Transforms.ResizeImages("Image", settings.Size, settings.Size)).Append(ml.Transforms.AugmentImages("Image", settings.Augmentations));
        var curve = ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            BatchSize = settings.Batch,
            Optimizer = settings.Optimizer,
            ClassWeighting = settings.Weighting,
            Sampling = settings.Sampling,
            Workers = settings.Workers,
            FailOnBadImages = settings.Strict,
            Device = ml.Device,
            CancellationToken = terminal.Cancellation,
        }).FindLearningRate(prepare.Fit(train).Transform(train));
        run.WriteLearningRates(curve);
        terminal.Line(curve.Suggestion is { } rate
            ? $"try --learning-rate {rate.ToString("g2", CultureInfo.InvariantCulture)}"
            : "no learning rate stands out: the loss never falls. Look at the curve, or at the images.");
        terminal.Line($"curve: {run.Folder}");
        return CommandLine.Success;
    }
}

using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>A search for a learning rate, from a folder's images to a curve.</summary>
static class LearningRateSearch
{
    public static int Run(Terminal terminal, MLContext ml, IDataView train, RunFolder run, TrainingPipeline pipeline)
    {
        var options = pipeline.Options(train, default, run: null, display: null, skipped: null, terminal.Cancellation);
        var curve = ml.MulticlassClassification.Trainers.ImageClassification(options)
            .FindLearningRate(pipeline.PrepareLearning.Fit(train).Steps()
                .Aggregate(train, (view, step) => step.TransformForTraining(view)));
        run.WriteLearningRates(curve);
        terminal.Line(curve.Suggestion is { } rate
            ? $"try --learning-rate {rate.ToString("g2", CultureInfo.InvariantCulture)}"
            : "no learning rate stands out: the loss never falls. Look at the curve, or at the images.");
        terminal.Line($"curve: {run.Folder}");
        terminal.Result(new()
        {
            ["event"] = "learningRate",
            ["suggestion"] = curve.Suggestion,
            ["folder"] = run.Folder,
        });
        return ExitCode.Success;
    }
}

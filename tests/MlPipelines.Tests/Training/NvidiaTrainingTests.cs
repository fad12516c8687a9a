using MlPipelines.Execution;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests.Training;

/// <summary>An Nvidia processor against the processor, by the ways that users take.</summary>
[Trait("Category", "Gpu")]
public sealed class NvidiaTrainingTests
{
    [Fact]
    public void It_learns_as_the_processor_does()
    {
        NvidiaProcessor.SkipWhereThereIsNone();
        var (here, there) = (Losses(Device.Cpu), Losses(NvidiaProcessor.Device));
        Assert.All(here.Zip(there), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, NvidiaProcessor.Tolerance));
        Assert.True(there[^1] < there[0], $"losses {string.Join(", ", there)}");

        static List<double> Losses(Device device)
        {
            var ml = new MLContext(3);
            var losses = new List<double>();
            using var model = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomErasing())
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
                {
                    Network = Patterns.Elaborate(),
                    Epoch = 3,
                    BatchSize = 8,
                    Device = device,
                    EarlyStoppingCriteria = null,
                    EpochCallback = epoch => losses.Add(epoch.Loss),
                })).Fit(Patterns.View(ml, Patterns.Stripes(30)));
            return losses;
        }
    }

    [Fact]
    public void A_model_predicts_there_what_it_predicts_here()
    {
        NvidiaProcessor.SkipWhereThereIsNone();
        var ml = new MLContext(3);
        var view = Patterns.View(ml, Patterns.Stripes(30));
        using var classifier = ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Network = Patterns.Elaborate(),
            Epoch = 3,
            BatchSize = 8,
        }).Fit(view);
        var (here, there) = (Scores(classifier), Scores(classifier.On(NvidiaProcessor.Device)));
        Assert.All(here.Zip(there), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, NvidiaProcessor.Tolerance));

        float[] Scores(ImageClassifier of) =>
            [.. of.Transform(view).GetColumn<VBuffer<float>>("Score").SelectMany(scores => scores.DenseValues())];
    }
}

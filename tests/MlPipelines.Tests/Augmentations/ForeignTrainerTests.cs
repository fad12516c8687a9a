using Microsoft.ML.Trainers;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.Augmentations;

/// <summary>Augmentation as ML.NET's steps and trainers see it.</summary>
public sealed class ForeignTrainerTests
{
    readonly MLContext ml = new(4);
    readonly IDataView data;

    public ForeignTrainerTests() => data = Patterns.Sized(Patterns.Stripes(40));

    EstimatorChain<ImagePixelExtractingTransformer> Steps(params Augmentation[] augmentations) =>
        ml.Transforms.AugmentImages("Image", augmentations).Append(ml.Transforms.ExtractPixels("Features", "Image"));

    static float[][] Pixels(IDataView view) => [.. view.GetColumn<float[]>("Features")];

    IDataView ForTraining(TransformerChain<ImagePixelExtractingTransformer> chain) =>
        chain.Aggregate(data, (view, step) => step.TransformForTraining(view));

    [Fact]
    public void Each_cursor_is_a_draw_of_its_own_while_fitting_and_none_afterwards()
    {
        var chain = Steps(new RandomFlip(), new RandomShift(0.2f)).Fit(data);
        var view = ForTraining(chain);
        float[][] first = Pixels(view), second = Pixels(view), plain = Pixels(chain.Transform(data));
        Assert.True(first.Zip(second).Count(pair => !pair.First.SequenceEqual(pair.Second)) > 30);
        Assert.True(first.Zip(plain).Count(pair => !pair.First.SequenceEqual(pair.Second)) > 30);
        Assert.Equal(plain, Pixels(chain.Transform(data)));
        Assert.Equal(plain, Pixels(ml.Transforms.ExtractPixels("Features", "Image").Fit(data).Transform(data)));
        // The same draws again in a fresh view, one after another.
        var again = ForTraining(Steps(new RandomFlip(), new RandomShift(0.2f)).Fit(data));
        Assert.Equal(first, Pixels(again));
        Assert.Equal(second, Pixels(again));
    }

    public static TheoryData<bool> InPlace => [true, false];

    /// <summary>ML.NET fits a chain that is put whole into another as it predicts.</summary>
    [Theory, MemberData(nameof(InPlace)), Trait("Category", "Runtime")]
    public void Our_trainer_learns_from_augmented_images_of_a_chain_in_a_chain_too(bool augmented)
    {
        Augmentation[] augmentations = augmented ? [new RandomFlip(), new RandomShift(0.2f), new MixUp(0.2f)] : [];
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label");
        IEstimator<ITransformer> trainer = ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = Patterns.Small(),
            Epoch = 2,
            FeatureColumnName = "Image",
            ValidationSetFraction = 0.2f,
        });
        IEstimator<ITransformer> inner = keyed.Append(ml.Transforms.AugmentImages("Image", augmentations));
        float[][] Scores(IEstimator<ITransformer> chain) => [.. chain.Fit(data).Transform(data).GetColumn<float[]>("Score")];

        var flat = Scores(keyed.Append(ml.Transforms.AugmentImages("Image", augmentations)).Append(trainer));
        Assert.Equal(flat, Scores(inner.Append(trainer)));
        Assert.Equal(!augmented, flat.Zip(Scores(keyed.Append(trainer))).All(pair => pair.First.SequenceEqual(pair.Second)));
    }

    [Fact]
    public void Who_does_not_read_the_images_makes_no_draw()
    {
        IDataView one = ForTraining(Steps(new RandomShift(0.2f)).Fit(data)), other = ForTraining(Steps(new RandomShift(0.2f)).Fit(data));
        Assert.Equal(40, other.GetColumn<string>("Label").Count());
        Assert.Equal(Pixels(one), Pixels(other));
    }

    /// <summary>Passes its rows on, and remembers what was read of them.</summary>
    sealed class Watching(List<float[]> seen) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            seen.AddRange(Pixels(input));
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Trained(List<float[]> seen,
        params Augmentation[] augmentations) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.AugmentImages("Image", augmentations))
            .Append(Extracting)
            .Append(new Watching(seen))
            .Append(new Watching(seen))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new()
            {
                NumberOfThreads = 1,
                MaximumNumberOfIterations = 20,
            }));

    ImagePixelExtractingEstimator Extracting => ml.Transforms.ExtractPixels("Features", "Image", scaleImage: 1 / 255f);

    [Fact]
    public void A_trainer_of_theirs_learns_from_augmented_pixels_and_predicts_from_plain_ones()
    {
        List<float[]> seen = [];
        var model = Trained(seen, new RandomFlip(), new RandomShift(0.2f)).Fit(data);
        Assert.Equal(80, seen.Count);
        Assert.True(seen[..40].Zip(seen[40..]).Count(pair => !pair.First.SequenceEqual(pair.Second)) > 30);
        var scored = model.Transform(data);
        Assert.Equal(Pixels(scored), Pixels(model.Transform(data)));
        Assert.Equal(Pixels(Extracting.Fit(data).Transform(data)), Pixels(scored));
        Assert.Equal(40, scored.GetColumn<float[]>("Score").Count(scores => Math.Abs(scores.Sum() - 1) < 1e-4));
        Assert.InRange(ml.MulticlassClassification.Evaluate(scored).LogLoss, 0, 3);
    }

    [Fact]
    public void Equal_seeds_give_their_trainers_equal_models_and_augmentation_another_one()
    {
        float[][] Scores(params Augmentation[] augmentations)
        {
            var context = new ForeignTrainerTests();
            return [.. context.Trained([], augmentations).Fit(context.data).Transform(context.data).GetColumn<float[]>("Score")];
        }
        var augmented = Scores(new RandomShift(0.2f));
        Assert.Equal(augmented, Scores(new RandomShift(0.2f)));
        Assert.NotEqual(augmented, Scores());
    }

    [Fact]
    public void In_cross_validation_each_fold_learns_from_augmented_rows_and_is_judged_on_plain_ones()
    {
        List<float[]> seen = [];
        var folds = ml.MulticlassClassification.CrossValidate(data, Trained(seen, new RandomShift(0.2f)), 2, seed: 1);
        var plain = Pixels(Extracting.Fit(data).Transform(data)).Select(Text).ToHashSet();
        Assert.Equal(80, seen.Count);
        Assert.True(seen.Count(pixels => !plain.Contains(Text(pixels))) > 60);
        Assert.All(folds.SelectMany(fold => Pixels(fold.ScoredHoldOutSet)), pixels => Assert.Contains(Text(pixels), plain));
        Assert.Equal(40, folds.Sum(fold => Pixels(fold.ScoredHoldOutSet).Length));
    }

    static string Text(float[] pixels) => string.Join(' ', pixels);
}

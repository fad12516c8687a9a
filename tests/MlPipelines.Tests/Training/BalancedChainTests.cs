
using Microsoft.ML.Trainers;

namespace MlPipelines.Tests.Training;

/// <summary>Balance in a chain: rows are left out or repeated while it is fitted, and only then.</summary>
public sealed class BalancedChainTests
{
    readonly MLContext ml = new(2);

    // Thirty across, six down.
    static readonly Patterns.Picture[] uneven = [.. Patterns.Stripes(60).Where((_, number) => number % 2 == 0 || number % 10 == 1)];

    sealed class Watching(List<string[]> seen) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            seen.Add([.. input.GetColumn<string>("Label")]);
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Chain(List<string[]> seen, ClassBalance balance) =>
        ml.Transforms.Balance("Label", balance)
            .Append(new Watching(seen))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.Transforms.ExtractPixels("Features", "Image"))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new() { MaximumNumberOfIterations = 5 }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_fold_of_cross_validation_is_balanced_while_fitting_and_all_rows_are_scored(bool larger)
    {
        List<string[]> seen = [];
        var data = Patterns.Sized(uneven);
        var chain = Chain(seen, new(EqualTo: larger ? ClassSize.Largest : ClassSize.Smallest));
        var folds = ml.MulticlassClassification.CrossValidate(data, chain, 3, seed: 1);
        Assert.Equal(3, seen.Count);
        foreach (var (labels, fold) in seen.Zip(folds))
        {
            var counts = labels.CountBy(label => label).Select(pair => pair.Value).ToArray();
            Assert.Equal(2, counts.Length);
            Assert.Equal(counts[0], counts[1]);
            var learnt = uneven.Length - fold.ScoredHoldOutSet.CountRows();
            Assert.True(larger ? labels.Length > learnt : labels.Length < learnt, $"{labels.Length} of {learnt}");
        }
        Assert.Equal(uneven.Length, folds.Sum(fold => fold.ScoredHoldOutSet.CountRows()));
        Assert.Equal(uneven.Length, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Score").Count()));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Our_trainer_learns_from_the_balanced_rows_of_each_fold()
    {
        var samples = new List<long>();
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = Patterns.Small(),
            Epoch = 1,
            ValidationSetFraction = 0,
            EpochCallback = epoch => samples.Add(epoch.Samples),
        });
        var chain = ml.Transforms.Balance("Label", new(EqualTo: ClassSize.Largest), "Image", new RandomFlip()).Append(trainer);
        var folds = ml.MulticlassClassification.CrossValidateByClass(Patterns.View(ml, uneven), chain, 3, stratificationColumn: "Label");
        Assert.Equal([40L, 40, 40], samples);
        Assert.Equal(36, folds.Sum(fold => fold.Metrics.RowCount));
        Assert.Equal(36, folds.Pooled.RowCount);
        Assert.Equal(uneven.Length, folds.Pooled.PerClass.Sum(one => one.Support));
        Assert.Equal(folds.Sum(fold => fold.Metrics.MicroAccuracy * fold.Metrics.RowCount) / 36, folds.Pooled.MicroAccuracy, 1e-12);
        Assert.Equal(folds.Sum(fold => fold.Metrics.LogLoss * fold.Metrics.RowCount) / 36, folds.Pooled.LogLoss, 1e-9);
    }
}

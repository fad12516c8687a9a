using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training.Features;

[Trait("Category", "Runtime")]
public sealed class FrozenPartTests
{
    internal static Network Frozen(string upTo = "max_pooling2d", int classes = 2) => Sized(Patterns.Elaborate(classes)).Freeze(upTo);

    static Sequential Sized(Sequential network) => new([new Input(Patterns.Size, Patterns.Size, 3), .. network.Layers]);

    // Two values of the frozen part go into the rest: the sum's other side and what the trainable convolution takes.
    static Network Branching()
    {
        var image = Network.Input(Patterns.Size, Patterns.Size, 3);
        var a = new Conv2D(4, 3, Padding.Same, Activation.Relu).On(new Rescaling(1 / 127.5f, -1).On(image));
        var b = new MaxPooling2D(2).On(new Conv2D(4, 3, Padding.Same, Activation.Relu).On(a));
        var sum = Op.Add(new MaxPooling2D(2).On(a), new Conv2D(4, 3, Padding.Same).On(b));
        var network = new Functional(image, new Dense(2, Activation.Softmax).On(new Flatten().On(sum)));
        return network.FreezeWhere("conv2d/*").FreezeWhere("conv2d_1/*");
    }

    static (List<EpochMetrics> Epochs, float[][] Scores, List<string> Log) Fit(Network network, int? variants, bool augmented = false,
        bool balanced = false)
    {
        var ml = new MLContext(3);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.RawMessage);
        var epochs = new List<EpochMetrics>();
        var view = Patterns.View(ml, Patterns.Stripes(30));
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = network,
            Epoch = 3,
            BatchSize = 8,
            LearningRate = 0.02f,
            EarlyStoppingCriteria = null,
            EpochCallback = epochs.Add,
            FeatureVariants = variants,
            Sampling = balanced ? BatchSampling.ClassBalanced : BatchSampling.Shuffled,
        });
        using var model = augmented
            ? ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f)).Append(trainer).Fit(view).LastTransformer
            : trainer.Fit(view);
        return (epochs, [.. model.Transform(view).GetColumn<float[]>("Score")], log);
    }

    static void AssertSame(Network network, int? variants, bool augmented = false, bool balanced = false)
    {
        var (whole, cached) = (Fit(network, 0, augmented, balanced), Fit(network, variants, augmented, balanced));
        Assert.Contains(cached.Log, line => line.Contains(" computed, 0 found", StringComparison.Ordinal));
        Assert.DoesNotContain(whole.Log, line => line.Contains(" computed", StringComparison.Ordinal));
        Assert.Equal(3, cached.Epochs.Count);
        foreach (var (one, other) in whole.Epochs.Zip(cached.Epochs))
        {
            Assert.Equal(one.Loss, other.Loss, 2e-5);
            Assert.Equal(one.ValidationLoss!.Value, other.ValidationLoss!.Value, 2e-5);
        }
        Assert.NotEqual(whole.Epochs[0].Loss, whole.Epochs[2].Loss, 2e-4);
        foreach (var (one, other) in whole.Scores.Zip(cached.Scores))
            Assert.Equal(one[0], other[0], 1e-3);
    }

    [Theory]
    [InlineData("max_pooling2d")]
    [InlineData("global_average_pooling2d")]
    public void Learning_from_features_is_learning_through_the_whole_network(string upTo) => AssertSame(Frozen(upTo), null);

    [Fact]
    public void Batches_balanced_by_class_learn_from_features_alike() => AssertSame(Frozen(), null, balanced: true);

    [Fact]
    public void Several_values_that_leave_the_frozen_part_are_all_features() => AssertSame(Branching(), null);

    [Fact]
    public void With_a_variant_for_each_epoch_augmentation_is_the_same() => AssertSame(Frozen(), 3, augmented: true);

    [Fact]
    public void One_variant_of_augmented_images_is_one_image_in_all_epochs()
    {
        var one = Fit(Frozen(), 1, augmented: true);
        Assert.NotEqual(Fit(Frozen(), 0, augmented: true).Epochs[2].Loss, one.Epochs[2].Loss, 1e-5);
        Assert.Contains(one.Log,
            line => line.Contains("27 computed", StringComparison.Ordinal) || line.Contains("26 computed", StringComparison.Ordinal));
    }

    [Fact]
    public void Augmented_images_go_through_the_whole_network_unless_variants_are_asked_for() =>
        Assert.Contains(Fit(Frozen(), null, augmented: true).Log,
            line => line.Contains("augmented", StringComparison.Ordinal) && line.Contains("FeatureVariants", StringComparison.Ordinal));

    [Fact]
    public void What_stands_before_the_first_layer_that_learns_is_cheap() =>
        Assert.True(FrozenPart.Of(Patterns.Elaborate().Build(12, 12, 3).Initialize(1))!.IsCheap);

    [Fact]
    public void The_part_and_the_trained_rest_make_the_whole_again()
    {
        var network = Frozen().Build(12, 12, 3).Initialize(1);
        var frozen = FrozenPart.Of(network)!;
        var whole = frozen.Whole(frozen.Rest);
        Assert.Equal(network.Parameters.Select(network.NameOf), whole.Parameters.Select(whole.NameOf));
        Assert.Equal(network.Nodes.Select(node => node.ToString()), whole.Nodes.Select(node => node.ToString()));
        Assert.All(frozen.Part.Parameters, parameter => Assert.False(parameter.IsTrainable));
    }
}

using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Layers.Stages;

public sealed class NetworkStagesTests
{
    [Fact]
    public void ResNet18_is_its_published_rows_of_residual_blocks() =>
        Assert.Equal(["residual block × 2", "residual block, projected skip × 1", "residual block × 1",
            "residual block, projected skip × 1", "residual block × 1", "residual block, projected skip × 1", "residual block × 1"],
            Blocks(Architectures.ResNet18(10).Build(224, 224, 3)));

    [Fact]
    public void MobileNetV2_is_its_published_rows_of_inverted_residual_blocks()
    {
        const string skip = "inverted residual block", none = "inverted residual block, no skip";
        Assert.Equal(["depthwise separable convolution × 1", $"{none} × 1", $"{skip} × 1", $"{none} × 1", $"{skip} × 2", $"{none} × 1",
            $"{skip} × 3", $"{none} × 1", $"{skip} × 2", $"{none} × 1", $"{skip} × 2", $"{none} × 1"],
            Blocks(Architectures.MobileNetV2().Build(224, 224, 3)));
    }

    [Fact]
    public void A_layer_stands_with_its_normalisation_and_activation_and_says_its_numbers()
    {
        var stages = NetworkStages.Of(new Sequential(new Input(9, 8, 3), new Conv2D(4, 3, strides: 2, useBias: false) { Name = "first" },
            new BatchNormalization(), Activation.Relu, new DepthwiseConv2D(3), new Flatten(),
            new Dense(5, Activation.Softmax)).Build());
        Assert.Equal(["Image||[?,3,9,8]", "Conv 3×3, 4, stride 2|BatchNorm, ReLU|[?,4,4,3]", "Depthwise conv 3×3||[?,4,2,1]"],
            stages.Take(3).Select(stage => stage.Signature));
        Assert.Equal("first", Assert.IsType<LayerStage>(stages[1]).Name);
        Assert.Equal("Dense 5|Softmax|[?,5]", stages[^1].Signature);
        Assert.Equal(4 * 27 + 16 + 4 * 9 + 4, stages.Take(3).Sum(stage => stage.Parameters));
    }

    [Fact]
    public void Ways_that_part_and_meet_stand_beside_each_other_and_equal_ones_are_one()
    {
        var image = Network.Input(8, 8, 3);
        var stem = new Conv2D(4, 1).On(image);
        var joined = new Concatenate().On(new Conv2D(2, 1).On(stem), new Conv2D(2, 1).On(stem), new Conv2D(6, 3, Padding.Same).On(stem),
            stem);
        var stage = Assert.IsType<BranchingStage>(NetworkStages.Of(new Functional(image, joined).Build())[^1]);
        Assert.Equal([2, 1, 1], stage.Counts);
        Assert.True(stage.HasSkip);
        Assert.Equal(2 * (4 * 2 + 2) + 4 * 6 * 9 + 6, stage.Parameters);
    }

    [Fact]
    public void Ways_that_cross_are_told_with_all_their_links()
    {
        var image = Network.Input(8, 8, 3);
        var (a, b) = (new Conv2D(4, 1).On(image), new Conv2D(4, 3, Padding.Same).On(image));
        var (c, d) = (new Add().On(a, b), new Multiply().On(a, b));
        var stages = NetworkStages.Of(new Functional(image, new Add().On(c, d)).Build());
        var tangle = Assert.IsType<TangledStage>(stages[^1]);
        Assert.Equal(5, tangle.Layers);
        Assert.Equal(8, tangle.Links.Length);
    }

    [Fact]
    public void Swish_written_out_is_one_activation()
    {
        var image = Network.Input(8, 8, 3);
        var x = new Conv2D(4, 1).On(image);
        var graph = new Graph([image], ("output", x * Op.Sigmoid(x)));
        Assert.Equal("Conv 1×1, 4|SiLU|[?,4,8,8]", NetworkStages.Of(graph)[^1].Signature);
    }

    [Fact]
    public void Equal_plain_layers_are_one_only_where_there_are_three()
    {
        static IEnumerable<Layer> Convolutions(int count) =>
            [new Input(8, 8, 4), .. Enumerable.Range(0, count).Select(_ => new Conv2D(4, 3, Padding.Same)), new Flatten(), new Dense(2)];
        Assert.Empty(Blocks(new Sequential(Convolutions(2)).Build()));
        Assert.Equal(["layer × 3"], Blocks(new Sequential(Convolutions(3)).Build()));
    }

    static IEnumerable<string> Blocks(Graph graph) =>
        FoldedStages.Of(NetworkStages.Of(graph)).OfType<BlockStage>().Select(block => $"{block.Title} × {block.Times}");
}

using MlPipelines.Networks;

namespace MlPipelines.Tests.Layers;

public class ArchitecturesTests
{
    [Fact]
    public void The_default_for_photographs_costs_a_sixth_of_resnet_18()
    {
        const double ResNet18 = 594e6;
        var graph = Architectures.SmallCnn(8).Build(128, 128, 3);
        var products = graph.Nodes.Where(node => node.Operator.Type == "Conv")
            .Sum(node => (double)node.Outputs[0].Shape[2] * node.Outputs[0].Shape[3] * node.Input(1).Shape.Length);
        Assert.InRange(ResNet18 / products, 5, 8);
    }

    [Theory]
    [InlineData(32), InlineData(96), InlineData(128), InlineData(131)]
    public void The_default_for_photographs_takes_images_of_many_sizes(int size)
    {
        var graph = Architectures.SmallCnn(8).Build(size, size, 3);
        Assert.Equal([-1, 8], graph["output"].Shape);
        Assert.Equal("Softmax", graph["output"].Node!.Operator.Type);
    }

    [Fact]
    public void Sizes_along_the_keras_network_are_the_published_ones()
    {
        var heights = Architectures.CifarCnn()
            .Summary(32, 32, 3).Rows.Where(row => row.Output.Rank == 4 && !row.Layer.StartsWith("dropout", StringComparison.Ordinal))
            .Select(row => row.Output[2]);
        Assert.Equal([32, 32, 30, 15, 15, 13, 6], heights);
    }

    public static TheoryData<string, Sequential, long, long> Published => new()
    {
        { "VGG16 without classifier", Architectures.Vgg16(), 14_714_688, 0 },
        { "VGG16", Architectures.Vgg16(1000), 138_357_544, 0 },
        { "MobileNet without classifier", Architectures.MobileNet(), 3_228_864 - 21_888, 21_888 },
        { "MobileNet", Architectures.MobileNet(1000), 4_253_864 - 21_888, 21_888 },
        { "MobileNetV2", Architectures.MobileNetV2(), 3_504_872, 34_112 },
        { "ResNet-18", Architectures.ResNet18(), 11_689_512, 9_600 },
    };

    [Theory, MemberData(nameof(Published))]
    public void Numbers_of_parameters_are_the_published_ones(string name, Sequential network, long trainable, long statistics)
    {
        var summary = network.Summary(224, 224, 3);
        Assert.True((trainable, statistics) == (summary.Trainable, summary.NonTrainable),
            $"{name}: {summary.Trainable} and {summary.NonTrainable}");
    }

    [Fact]
    public void Mobile_networks_take_small_images_too()
    {
        Assert.Equal([-1, 1024], Architectures.MobileNet().Build(32, 32, 3)["output"].Shape);
        Assert.Equal([-1, 10], Architectures.MobileNetV2(10).Build(32, 32, 3)["output"].Shape);
        Assert.Equal([-1, 512, 7, 7], Architectures.Vgg16().Build(224, 224, 3)["output"].Shape);
    }
}

using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Layers;

public class NetworkBlockTests
{
    static Value Normalised(Value x, int filters, string name, Value? input = null) =>
        Activation.Relu.On(new BatchNormalization
        {
            Name = name + "_bn",
        }.On(new Conv2D(filters, 3, Padding.Same, useBias: false) { Name = name }.On(input ?? x)));

    static Functional Residual()
    {
        var image = Network.Input(8, 8, 3);
        var stem = Normalised(image, 4, "stem");
        var first = new Add { Name = "first" }.On(stem, Normalised(Normalised(stem, 4, "a"), 4, "b"));
        var second = new Add { Name = "second" }.On(new Conv2D(8, 1) { Name = "shortcut" }.On(first), Normalised(first, 8, "c"));
        return new Functional(image, new Dense(5, Activation.Softmax) { Name = "head" }.On(new GlobalAveragePooling2D().On(second)));
    }

    [Fact]
    public void A_residual_network_has_its_stem_and_its_residual_blocks_and_no_classifier()
    {
        var blocks = Residual().Blocks;
        Assert.Equal(
            [
                ["stem/kernel", "stem_bn/gamma", "stem_bn/beta"],
                ["a/kernel", "a_bn/gamma", "a_bn/beta", "b/kernel", "b_bn/gamma", "b_bn/beta"],
                ["shortcut/kernel", "shortcut/bias", "c/kernel", "c_bn/gamma", "c_bn/beta"],
            ],
            blocks.Select(block => block.Weights.ToArray()));
    }

    [Fact]
    public void A_plain_chain_has_a_block_for_each_convolution() => Assert.Equal(
        [["conv2d/kernel", "conv2d/bias"], ["conv2d_1/kernel", "conv2d_1/bias"]],
        new Sequential(new Input(8, 8, 3), new Conv2D(4, 3, activation: Activation.Relu), new MaxPooling2D(2), new Conv2D(4, 3),
            new Flatten(), new Dense(2)).Blocks.Select(block => block.Weights.ToArray()));

    [Fact]
    public void The_last_blocks_are_unfrozen_one_after_another()
    {
        var network = Residual().Freeze().WithClassifier(new Dense(2) { Name = "new" });
        static string[] Trained(Network network) =>
            [.. network.Build().Parameters.Where(weight => weight.IsTrainable).Select(weight => weight.Name.Split('/')[0]).Distinct()
                .Order(StringComparer.Ordinal)];
        string[] Free(int blocks) => Trained(network.UnfreezeLast(blocks));
        Assert.Equal(["new"], Free(0));
        Assert.Equal(["c", "c_bn", "new", "shortcut"], Free(1));
        Assert.Equal(["a", "a_bn", "b", "b_bn", "c", "c_bn", "new", "shortcut"], Free(2));
        Assert.Equal(Free(1), Trained(network.UnfreezeLast(3).UnfreezeLast(1)));
        Assert.StartsWith("count: got 4", Assert.Throws<ArgumentOutOfRangeException>(() => network.UnfreezeLast(4)).Message,
            StringComparison.Ordinal);
    }
}

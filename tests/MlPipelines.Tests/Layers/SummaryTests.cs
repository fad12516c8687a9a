using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Layers;

public class SummaryTests
{
    [Fact]
    public void A_backbone_is_one_row_that_can_be_opened()
    {
        var network = new Sequential([new Input(32, 32, 3), .. Architectures.MobileNet().Layers]).CutAtFeatures().Freeze()
            .Append(new Dense(16, Activation.Relu) { Name = "hidden" }, new Dense(10, Activation.Softmax) { Name = "scores" });
        var summary = network.Summary();
        var folded = summary.Folded();
        Assert.Equal(["image", "backbone", "hidden", "scores"], folded.Rows.Select(row => row.Layer));
        Assert.Equal((3_228_864, 0, 1024), (folded.Rows[1].Parameters, folded.Rows[1].Trainable, folded.Rows[1].Output[1]));
        Assert.Equal((1024 * 16 + 16, 1024 * 16 + 16), (folded.Rows[2].Parameters, folded.Rows[2].Trainable));
        Assert.Equal((summary.Total, summary.Trainable), (folded.Total, folded.Trainable));
        Assert.Equal(summary.Rows, summary.Folded(Summary.Backbone).Rows);
        Assert.Contains("'backbone', the only row", Assert.Throws<ArgumentException>(() => summary.Folded("hidden")).Message,
            StringComparison.Ordinal);
        Assert.Contains("Trained", folded.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_ends_where_a_classifier_is_found_or_the_network_does()
    {
        var network = Architectures.MobileNetV2(7);
        Assert.Equal([-1, 1280], network.Summary(32, 32, 3).Folded().Rows[1].Output);
        Assert.Equal(["image", "backbone"],
            new Sequential([new Input(32, 32, 3), .. network.Layers]).CutAtFeatures().Summary(32, 32, 3).Folded().Rows
                .Select(row => row.Layer));
        Assert.Equal(["image", "flatten", "dense"],
            new Sequential(new Flatten(), new Dense(2)).Summary(2, 2, 1).Folded().Rows.Select(row => row.Layer));
    }

    [Fact]
    public void Published_networks_have_their_published_numbers_of_parameters()
    {
        Assert.Equal(1_250_858, Architectures.CifarCnn().Summary(32, 32, 3).Total);
        Assert.Equal(1_199_882, Architectures.MnistCnn().Summary(28, 28, 1).Total);
        Assert.Equal(591_390, Architectures.SingleConvolutionCnn().Summary(32, 32, 3).Total);
        Assert.Equal(6_390, Architectures.SingleConvolutionPoolingCnn().Summary(32, 32, 3).Total);
        Assert.Equal(223_434, Architectures.SmallMnistCnn().Summary(28, 28, 1).Total);
    }

    [Fact]
    public void Dense_without_flatten_keeps_the_places_and_its_shape_says_so()
    {
        var network = new Sequential(new Conv2D(30, 5, activation: Activation.Relu), new MaxPooling2D(2), new Dense(100, Activation.Relu));
        Assert.Equal([-1, 100, 14, 14], network.Summary(32, 32, 3).Rows[^1].Output);
        Assert.Equal(30 * 100 + 100, network.Summary(32, 32, 3).Rows[^1].Parameters);
    }

    [Fact]
    public void The_table_lists_layers_shapes_and_numbers() => Assert.Equal(
        """
        Layer (operators)                    Output        Parameters
        ─────────────────────────────────────────────────────────────
        image (Input)                        [?,3,32,32]            0
        conv2d (Conv+Relu)                   [?,30,28,28]       2,280
        flatten (Flatten)                    [?,23520]              0
        probabilities_of_all (Gemm+Softmax)  [?,10]           235,210
        ─────────────────────────────────────────────────────────────
        Parameters: 237,490, of which 237,490 are trained and 0 are not
        """.ReplaceLineEndings("\n"),
        new Sequential(new Conv2D(30, 5, activation: Activation.Relu), new Flatten(),
            new Dense(10, Activation.Softmax) { Name = "probabilities_of_all" }).Summary(32, 32, 3).ToString());

    [Fact]
    public void The_total_tells_running_statistics_apart()
    {
        var summary = new Sequential(new Conv2D(4, 1), new BatchNormalization()).Summary(8, 8, 3);
        Assert.Equal((24, 8, 32), (summary.Trainable, summary.NonTrainable, summary.Total));
        Assert.EndsWith("Parameters: 32, of which 24 are trained and 8 are not", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_network_sums_up_its_own_part()
    {
        var summary = Architectures.CifarCnn().CutAt("conv2d_1").Summary(32, 32, 3);
        Assert.Equal(["image", "conv2d", "conv2d_1"], summary.Rows.Select(row => row.Layer));
        Assert.Equal(896 + 9248, summary.Total);
    }

    [Fact]
    public void A_network_read_from_a_file_has_the_same_summary()
    {
        var graph = Architectures.SingleConvolutionPoolingCnn().Build(32, 32, 3);
        Assert.Equal(Summary.Of(graph).ToString(), Summary.Of(OnnxFile.Read(OnnxFile.Write(graph.Initialize(1))).Graph).ToString());
    }
}

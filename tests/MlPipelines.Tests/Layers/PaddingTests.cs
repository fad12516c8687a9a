using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Layers;

public class PaddingTests
{
    static Window WindowOf(int size, int kernel, int stride, int dilation = 1)
    {
        var y = new Conv2D(1, kernel, Padding.Same, strides: stride) { Dilation = dilation }.On(Network.Input(size, size, 1));
        return Op.WindowOf(y.Node!);
    }

    [Theory]
    [InlineData(32, 3, 1, 1, 1), InlineData(32, 5, 1, 2, 2), InlineData(32, 2, 1, 0, 1), InlineData(32, 4, 1, 1, 2)]
    [InlineData(32, 3, 2, 0, 1), InlineData(33, 3, 2, 1, 1), InlineData(224, 7, 2, 2, 3), InlineData(13, 2, 2, 0, 1),
    InlineData(12, 2, 2, 0, 0), InlineData(7, 1, 2, 0, 0)]
    public void The_odd_pixel_goes_to_the_bottom_and_the_right(int size, int kernel, int stride, int begin, int end)
    {
        var window = WindowOf(size, kernel, stride);
        Assert.Equal([begin, begin, end, end], window.Pads);
    }

    [Fact]
    public void The_result_has_a_place_for_every_stride_begun()
    {
        for (var size = 1; size < 20; size++)
            for (var kernel = 1; kernel < 6; kernel++)
                for (var stride = 1; stride < 4; stride++)
                    Assert.Equal((size + stride - 1) / stride,
                        new Conv2D(1, kernel, Padding.Same, strides: stride).On(Network.Input(size, size, 1)).Shape[2]);
    }

    [Fact]
    public void Dilation_widens_the_padding() => Assert.Equal([2, 2, 2, 2], WindowOf(16, 3, 1, dilation: 2).Pads);

    [Fact]
    public void Images_of_unknown_size_need_no_size_where_every_place_is_visited()
    {
        var x = Value.Input("x", [Shape.Unknown, 3, Shape.Unknown, Shape.Unknown]);
        Assert.Equal([Shape.Unknown, 4, Shape.Unknown, Shape.Unknown], new Conv2D(4, 3, Padding.Same).On(x).Shape);
        var error = Assert.Throws<GraphException>(() => new Conv2D(4, 3, Padding.Same, strides: 2).On(x));
        Assert.Equal("conv2d (Conv2D): input has shape [?,3,?,?]; padding 'SAME_UPPER' needs its spatial sizes. Give the network a fixed "
            + "input size.", error.Message);
    }
}

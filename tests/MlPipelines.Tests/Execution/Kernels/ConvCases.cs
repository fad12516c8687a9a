using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

/// <summary>Convolution shapes: the corner cases by hand, then many drawn at random; and the plain definition in double.</summary>
static class ConvCases
{
    public static IEnumerable<ConvShape> All
    {
        get
        {
            yield return Same(2, 3, 8, 8, 8, 1, 3);
            yield return Same(1, 1, 1, 1, 1, 1, 1);
            yield return Same(1, 1, 1, 19, 5, 1, 3);
            yield return Same(3, 16, 15, 15, 24, 1, 3);
            yield return Same(2, 140, 5, 5, 133, 1, 3);
            yield return Same(2, 6, 9, 9, 6, 6, 3);
            yield return new(2, 7, new(56, 60), 7, 7, Square(3, 2, 1, 1));
            yield return new(2, 5, new(11, 12), 5, 5, Square(5, 1, 1, 2));
            yield return new(9, 8, new(13, 13), 16, 1, Square(3, 1, 1, 0));
            yield return new(1, 2, new(130, 120), 3, 1, Square(3, 1, 1, 1));
            yield return new(2, 4, new(9, 9), 8, 1, Square(1, 2, 1, 0));
            yield return new(2, 3, new(9, 9), 4, 1, Square(1, 1, 1, 2));
            yield return new(1, 3, new(40, 40), 8, 1, Square(11, 4, 1, 2));
            yield return new(3, 150, new(5, 4), 20, 1, Square(1, 1, 1, 0));
            yield return new(2, 18, new(25, 17), 150, 1, Square(1, 1, 1, 0));
            yield return new(2, 6, new(21, 20), 4, 2, Square(1, 1, 1, 0));
            yield return new(2, 130, new(4, 4), 70, 1, Square(3, 1, 1, 1));
            yield return new(2, 3, new(40, 35), 3, 3, Square(3, 2, 1, 0));
            yield return new(2, 3, new(6, 7), 3, 3, new(new(3, 2, 1, 0, 1), new(3, 2, 1, 1, 0)));
            yield return new(1, 2, new(3, 66), 2, 2, Square(3, 2, 1, 1));
            yield return Same(1, 64, 11, 10, 64, 1, 3);
            yield return new(1, 64, new(24, 12), 48, 1, Square(3, 1, 1, 0));
            yield return new(1, 80, new(10, 11), 64, 1, new(new(3, 1, 1, 2, 0), new(3, 1, 1, 0, 2)));
            yield return new(5, 64, new(6, 7), 48, 1, Square(3, 1, 1, 1));
            yield return new(1, 70, new(9, 11), 64, 1, new(new(3, 2, 1, 0, 1), new(3, 2, 1, 1, 0)));
            yield return new(2, 64, new(9, 9), 64, 1, Square(2, 3, 2, 1));
            yield return new(2, 64, new(8, 8), 96, 1, Square(1, 2, 1, 0));
            yield return new(2, 32, new(7, 9), 32, 1, Square(3, 1, 1, 0));
            yield return new(3, 40, new(5, 6), 16, 1, Square(3, 1, 1, 1));
            yield return new(1, 64, new(60, 66), 16, 1, Square(3, 2, 1, 1));
            yield return Same(13, 32, 6, 7, 64, 1, 3);
            yield return new(9, 64, new(20, 22), 32, 1, Square(3, 1, 1, 0));
            yield return new(2, 128, new(30, 29), 32, 1, Square(3, 1, 1, 1));
            yield return new(8, 48, new(13, 5), 96, 1, new(new(3, 1, 1, 0, 2), new(3, 1, 1, 2, 1)));
            var dice = Dice.For(11);
            for (var i = 0; i < 120; i++)
                if (Draw(ref dice) is { OutHeight: > 0, OutWidth: > 0 } shape)
                    yield return shape;
        }
    }

    /// <summary>Adds every product of input, weight and output element to one of the three.</summary>
    public static void Each(ConvShape s, Action<int, int, int> visit)
    {
        var (rows, columns) = (s.Window.Rows, s.Window.Columns);
        for (var n = 0; n < s.Batch; n++)
            for (var k = 0; k < s.Filters; k++)
                for (var c = 0; c < s.GroupChannels; c++)
                    for (var i = 0; i < rows.Kernel; i++)
                        for (var j = 0; j < columns.Kernel; j++)
                            for (var oy = 0; oy < s.OutHeight; oy++)
                                for (var ox = 0; ox < s.OutWidth; ox++)
                                {
                                    var y = oy * rows.Stride + i * rows.Dilation - rows.Before;
                                    var x = ox * columns.Stride + j * columns.Dilation - columns.Before;
                                    if (y < 0 || y >= s.Height || x < 0 || x >= s.Width)
                                        continue;
                                    var channel = k / s.GroupFilters * s.GroupChannels + c;
                                    visit(((n * s.Channels + channel) * s.Height + y) * s.Width + x,
                                        ((k * s.GroupChannels + c) * rows.Kernel + i) * columns.Kernel + j,
                                        ((n * s.Filters + k) * s.OutHeight + oy) * s.OutWidth + ox);
                                }
    }

    public static int Inputs(ConvShape s) => s.Batch * s.Channels * s.Plane;
    public static int Weights(ConvShape s) => s.Filters * s.GroupChannels * s.Window.Taps;
    public static int Outputs(ConvShape s) => s.Batch * s.Filters * s.OutPlane;

    static ConvShape Same(int batch, int channels, int height, int width, int filters, int groups, int kernel) =>
        new(batch, channels, new(height, width), filters, groups, Square(kernel, 1, 1, kernel / 2));

    static Window Square(int kernel, int stride, int dilation, int pad) =>
        new(new(kernel, stride, dilation, pad, pad), new(kernel, stride, dilation, pad, pad));

    static ConvShape Draw(ref Dice dice)
    {
        var groups = dice.Chance(0.3) ? 1 + dice.Below(4) : 1;
        var (channels, filters) = (groups * (1 + dice.Below(9)), groups * (1 + dice.Below(20)));
        if (dice.Chance(0.2))
            (groups, filters) = (channels, channels);
        return new(1 + dice.Below(4), channels, new(1 + dice.Below(20), 1 + dice.Below(40)), filters, groups,
            new(Axis(ref dice), Axis(ref dice)));
    }

    static WindowAxis Axis(ref Dice dice) => new(1 + dice.Below(5), 1 + dice.Below(3), 1 + dice.Below(2), dice.Below(4), dice.Below(4));
}

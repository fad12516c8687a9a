using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class MaxPoolGradientTests
{
    [Theory]
    [InlineData(2, 2, 1, 0, 0, false)]
    [InlineData(3, 2, 1, 0, 0, true)]
    [InlineData(3, 2, 1, 1, 1, false)]
    [InlineData(3, 1, 1, 1, 0, false)]
    [InlineData(2, 3, 1, 0, 1, true)]
    [InlineData(2, 1, 2, 1, 1, false)]
    [InlineData(2, 2, 1, 0, 0, true)]
    public void Sends_each_gradient_to_the_first_maximum(int kernel, int stride, int dilation, int before, int after, bool ceiling)
    {
        var axis = new WindowAxis(kernel, stride, dilation, before, after);
        foreach (var (height, width) in new[] { (4, 4), (5, 7), (30, 30), (3, 41), (16, 33), (13, 64), (9, 8), (4, 9) })
            foreach (var levels in new[] { 2, 1000 })
            {
                var (oh, ow) = (axis.Outputs(height, ceiling), axis.Outputs(width, ceiling));
                const int planes = 5;
                var x = Trial.Numbers(planes * height * width, levels).Select(v => MathF.Round(v * levels) / levels).ToArray();
                var dy = Trial.Numbers(planes * oh * ow, 3);
                var y = new float[dy.Length];
                var expected = new double[x.Length];
                for (var at = 0; at < y.Length; at++)
                {
                    var (p, row, column) = (at / (oh * ow), at / ow % oh, at % ow);
                    var best = -1;
                    for (var i = 0; i < kernel; i++)
                        for (var j = 0; j < kernel; j++)
                        {
                            var (r, c) = (row * stride - before + i * dilation, column * stride - before + j * dilation);
                            if (r >= 0 && r < height && c >= 0 && c < width && (best < 0 || x[(p * height + r) * width + c] > x[best]))
                                best = (p * height + r) * width + c;
                        }
                    y[at] = x[best];
                    expected[best] += dy[at];
                }
                Trial.SameOnAnyNumberOfThreads(parallel =>
                {
                    var dx = new float[x.Length];
                    Array.Fill(dx, float.NaN);
                    MaxPoolGradient.Run(new(new(axis, axis), planes, new(height, width), new(oh, ow)), x, y, dy, dx, parallel);
                    Trial.Near(expected, dx, $"{axis} {height}×{width}");
                    return dx;
                });
            }
    }
}

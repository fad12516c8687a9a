using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class AveragePoolGradientTests
{
    [Theory]
    [InlineData(2, 2, 1, 0, 0, false, false)]
    [InlineData(3, 2, 1, 0, 0, true, false)]
    [InlineData(3, 2, 1, 1, 1, true, true)]
    [InlineData(3, 1, 1, 1, 1, false, true)]
    [InlineData(3, 1, 1, 1, 1, false, false)]
    [InlineData(2, 2, 2, 1, 0, false, true)]
    public void Shares_each_gradient_evenly_among_its_window(int kernel, int stride, int dilation, int before, int after, bool ceiling,
        bool countPads)
    {
        var axis = new WindowAxis(kernel, stride, dilation, before, after);
        foreach (var (height, width) in new[] { (4, 4), (5, 7), (16, 33), (3, 8) })
        {
            const int planes = 7;
            var (oh, ow) = (axis.Outputs(height, ceiling), axis.Outputs(width, ceiling));
            var dy = Trial.Numbers(planes * oh * ow, 1);
            var expected = new double[planes * height * width];
            for (var at = 0; at < dy.Length; at++)
            {
                var (p, row, column) = (at / (oh * ow), at / ow % oh, at % ow);
                var taps = (from i in Enumerable.Range(0, kernel)
                            from j in Enumerable.Range(0, kernel)
                            select (Row: row * stride - before + i * dilation, Column: column * stride - before + j * dilation)).ToArray();
                var inside = taps.Where(t => t.Row >= 0 && t.Row < height && t.Column >= 0 && t.Column < width).ToArray();
                var count = countPads ? taps.Count(t => t.Row < height + after && t.Column < width + after) : inside.Length;
                foreach (var (r, c) in inside)
                    expected[(p * height + r) * width + c] += (double)dy[at] / count;
            }
            Trial.SameOnAnyNumberOfThreads(parallel =>
            {
                var dx = new float[expected.Length];
                AveragePoolGradient.Run(new(new(axis, axis), planes, new(height, width), new(oh, ow)), countPads, dy, dx, parallel);
                Trial.Near(expected, dx, $"{axis} {height}×{width}");
                return dx;
            });
        }
    }
}

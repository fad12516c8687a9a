using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class ConvWeightGradientTests
{
    [Fact]
    public void Agrees_with_the_definition_on_every_shape_and_register_width()
    {
        foreach (var shape in ConvCases.All)
        {
            var (x, dy) = (Trial.Numbers(ConvCases.Inputs(shape), 1), Trial.Numbers(ConvCases.Outputs(shape), 2));
            var expected = new double[ConvCases.Weights(shape)];
            ConvCases.Each(shape, (a, b, c) => expected[b] += (double)x[a] * dy[c]);
            foreach (var wide in Trial.Widths)
                Trial.Near(expected, Gradient(shape, x, dy, Trial.Alone, wide), $"{shape} wide {wide}");
        }
    }

    [Fact]
    public void Gives_the_same_bits_on_any_number_of_threads()
    {
        foreach (var shape in ConvCases.All.Take(24))
        {
            var (x, dy) = (Trial.Numbers(ConvCases.Inputs(shape), 1), Trial.Numbers(ConvCases.Outputs(shape), 2));
            foreach (var wide in Trial.Widths)
                Trial.SameOnAnyNumberOfThreads(parallel => Gradient(shape, x, dy, parallel, wide));
        }
    }

    static float[] Gradient(ConvShape shape, float[] x, float[] dy, ParallelFor parallel, bool wide)
    {
        var dw = new float[ConvCases.Weights(shape)];
        Array.Fill(dw, float.NaN);
        ConvWeightGradient.Run(shape, x, dy, dw, parallel, wide);
        return dw;
    }
}

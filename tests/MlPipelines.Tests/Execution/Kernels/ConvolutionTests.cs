using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class ConvolutionTests
{
    [Fact]
    public void Agrees_with_the_definition_on_every_shape_and_register_width()
    {
        foreach (var shape in ConvCases.All)
        {
            var (x, w, bias) =
                (Trial.Numbers(ConvCases.Inputs(shape), 1), Trial.Numbers(ConvCases.Weights(shape), 2), Trial.Numbers(shape.Filters, 3));
            var plain = new double[ConvCases.Outputs(shape)];
            ConvCases.Each(shape, (a, b, c) => plain[c] += (double)x[a] * w[b]);
            var full = plain.Select((v, i) => Math.Max(0, v + bias[i / shape.OutPlane % shape.Filters])).ToArray();
            foreach (var wide in Trial.Widths)
            {
                Trial.Near(plain, Forward(shape, x, w, [], false, Trial.Alone, wide), $"{shape} wide {wide}");
                Trial.Near(full, Forward(shape, x, w, bias, true, Trial.Alone, wide), $"{shape} with bias and Relu, wide {wide}");
            }
        }
    }

    [Fact]
    public void The_gradient_of_its_input_agrees_with_the_definition_on_every_shape_and_register_width()
    {
        foreach (var shape in ConvCases.All)
        {
            var (dy, w) = (Trial.Numbers(ConvCases.Outputs(shape), 1), Trial.Numbers(ConvCases.Weights(shape), 2));
            var expected = new double[ConvCases.Inputs(shape)];
            ConvCases.Each(shape, (a, b, c) => expected[a] += (double)dy[c] * w[b]);
            foreach (var wide in Trial.Widths)
                Trial.Near(expected, InputGradient(shape, dy, w, Trial.Alone, wide), $"{shape} wide {wide}");
        }
    }

    [Fact]
    public void Both_directions_give_the_same_bits_on_any_number_of_threads()
    {
        foreach (var shape in ConvCases.All.Take(24))
        {
            var (x, w, dy) = (Trial.Numbers(ConvCases.Inputs(shape), 1), Trial.Numbers(ConvCases.Weights(shape), 2),
                Trial.Numbers(ConvCases.Outputs(shape), 3));
            foreach (var wide in Trial.Widths)
            {
                Trial.SameOnAnyNumberOfThreads(parallel => Forward(shape, x, w, [], true, parallel, wide));
                Trial.SameOnAnyNumberOfThreads(parallel => InputGradient(shape, dy, w, parallel, wide));
            }
        }
    }

    [Fact]
    public void Sums_by_tiles_err_at_most_twice_as_much_as_those_of_the_definition_in_floats()
    {
        var shape = new ConvShape(1, 256, new(16, 16), 32, 1, new(new(3, 1, 1, 1, 1), new(3, 1, 1, 1, 1)));
        var (x, w) = (Trial.Numbers(ConvCases.Inputs(shape), 1), Trial.Numbers(ConvCases.Weights(shape), 2));
        var (exact, plain) = (new double[ConvCases.Outputs(shape)], new float[ConvCases.Outputs(shape)]);
        ConvCases.Each(shape, (a, b, c) =>
        {
            exact[c] += (double)x[a] * w[b];
            plain[c] += x[a] * w[b];
        });
        foreach (var wide in Trial.Widths)
        {
            var tiles = Forward(shape, x, w, [], false, Trial.Alone, wide);
            Assert.NotEqual(plain, tiles);
            // With points 1 and 2 in place of 5/8 and 3/2 it would be 3.7 times as much.
            Assert.InRange(Error(tiles), 0, 2 * Error(plain));
        }

        double Error(float[] y) => Math.Sqrt(y.Zip(exact, (one, other) => (one - other) * (one - other)).Average());
    }

    [Fact]
    public void What_is_no_number_stays_so_through_Relu()
    {
        var shape = new ConvShape(1, 1, new(1, 20), 1, 1, new(new(1, 1, 1, 0, 0), new(1, 1, 1, 0, 0)));
        var x = Enumerable.Repeat(float.NaN, 20).ToArray();
        foreach (var wide in Trial.Widths)
            Assert.All(Forward(shape, x, [1], [], true, Trial.Alone, wide), y => Assert.True(float.IsNaN(y)));
    }

    [Fact]
    public void A_batch_of_none_has_no_gradient()
    {
        var shape = new ConvShape(0, 2, new(5, 5), 3, 1, new(new(3, 1, 1, 0, 0), new(3, 1, 1, 0, 0)));
        var dw = Trial.Numbers(ConvCases.Weights(shape), 1);
        Assert.Empty(Forward(shape, [], dw, [], false, Trial.Alone, false));
        Assert.Empty(InputGradient(shape, [], dw, Trial.Alone, false));
        ConvWeightGradient.Run(shape, Array.Empty<float>(), Array.Empty<float>(), dw, Trial.Alone, false);
        Assert.All(dw, v => Assert.Equal(0, v));
    }

    static float[] Forward(ConvShape shape, float[] x, float[] w, float[] bias, bool relu, ParallelFor parallel, bool wide)
    {
        var y = new float[ConvCases.Outputs(shape)];
        Array.Fill(y, float.NaN);
        Convolution.Run(shape, new(shape.Batch, x, w, new(bias, relu), y), parallel, wide);
        return y;
    }

    static float[] InputGradient(ConvShape shape, float[] dy, float[] w, ParallelFor parallel, bool wide)
    {
        var dx = new float[ConvCases.Inputs(shape)];
        Array.Fill(dx, float.NaN);
        ConvInputGradient.Run(shape, dy, w, dx, parallel, wide);
        return dx;
    }
}

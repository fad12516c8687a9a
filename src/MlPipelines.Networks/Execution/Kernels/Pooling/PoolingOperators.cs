using MlPipelines.Graphs;
using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>MaxPoolGradient (X, Y, dY; kernel_shape) → dX · AveragePoolGradient (dY; kernel_shape, count_include_pad, input_shape) → dX ·
/// GlobalAveragePoolGradient (dY; input_shape) → dX.</summary>
/// <remarks>Other attributes as ONNX's pooling; ceil_mode shows in the size of dY. input_shape is [C,H,W].</remarks>
static class PoolingOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new KernelOperator(nameof(Op.MaxPoolGradient), 3, 1, Max),
        new KernelOperator(nameof(Op.AveragePoolGradient), 1, 1, Average),
        new KernelOperator(nameof(Op.GlobalAveragePoolGradient), 1, 1, GlobalAverage),
    ];

    static Computation Max(KernelAttributes attributes)
    {
        var kernel = attributes.Ints("kernel_shape");
        var window = WindowFrame.Of(attributes).Window((int)kernel[0], (int)kernel[1]);
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var (x, y) = (context.Shape(0), context.Shape(1));
            MaxPoolGradient.Run(new(window, x[0] * x[1], new(x[2], x[3]), new(y[2], y[3])), context.InputMemory<float>(0),
                context.InputMemory<float>(1), context.InputMemory<float>(2), context.OutputMemory<float>(0, x.AsSpan()), parallel);
        };
    }

    static Computation Average(KernelAttributes attributes)
    {
        var (kernel, input) = (attributes.Ints("kernel_shape"), attributes.Ints("input_shape"));
        var window = WindowFrame.Of(attributes).Window((int)kernel[0], (int)kernel[1]);
        var countPads = attributes.Int("count_include_pad", 0) != 0;
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var dy = context.Shape(0);
            var shape = new PoolShape(window, dy[0] * dy[1], new((int)input[1], (int)input[2]), new(dy[2], dy[3]));
            AveragePoolGradient.Run(shape, countPads, context.InputMemory<float>(0),
                context.OutputMemory<float>(0, dy[0], input[0], input[1], input[2]), parallel);
        };
    }

    static Computation GlobalAverage(KernelAttributes attributes)
    {
        var input = attributes.Ints("input_shape");
        return (in KernelContext context, ParallelFor parallel) => GlobalAveragePoolGradient.Run((int)(input[1] * input[2]),
            context.InputMemory<float>(0),
            context.OutputMemory<float>(0, context.Shape(0)[0], input[0], input[1], input[2]), parallel);
    }
}

using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>ReluGradient (Y, dY) → dX · ChannelSum (dY) → [K] · BatchNormalizationTraining (X, scale, B; epsilon) → Y, mean, variance · BatchNormalizationGradient (X, dY, scale, mean, variance; epsilon) → dX, dScale, dB.</summary>
static class ElementwiseOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new KernelOperator("ReluGradient", 2, 1, _ => (in KernelContext context, ParallelFor parallel) =>
            ReluGradient.Run(context.InputMemory<float>(0), context.InputMemory<float>(1), context.OutputMemory<float>(0, context.Shape(0).AsSpan()), parallel)),
        new KernelOperator("ChannelSum", 1, 1, _ => (in KernelContext context, ParallelFor parallel) =>
        {
            var dy = context.Shape(0);
            ChannelSum.Run(dy[0], dy[1], Plane(dy), context.InputMemory<float>(0), context.OutputMemory<float>(0, dy[1]), parallel);
        }),
        new KernelOperator("BatchNormalizationTraining", 3, 3, Normalize),
        new KernelOperator("BatchNormalizationGradient", 5, 3, NormalizeGradient),
    ];

    static Computation Normalize(KernelAttributes attributes)
    {
        var epsilon = attributes.Float("epsilon", 1e-5f);
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var x = context.Shape(0);
            BatchNormalization.Run(x[0], x[1], Plane(x), epsilon, context.InputMemory<float>(0), context.InputMemory<float>(1), context.InputMemory<float>(2),
                context.OutputMemory<float>(0, x.AsSpan()), context.OutputMemory<float>(1, x[1]), context.OutputMemory<float>(2, x[1]), parallel);
        };
    }

    static Computation NormalizeGradient(KernelAttributes attributes)
    {
        var epsilon = attributes.Float("epsilon", 1e-5f);
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var x = context.Shape(0);
            BatchNormalizationGradient.Run(x[0], x[1], Plane(x), epsilon, context.InputMemory<float>(0), context.InputMemory<float>(1), context.InputMemory<float>(2),
                context.InputMemory<float>(3), context.InputMemory<float>(4),
                context.OutputMemory<float>(0, x.AsSpan()), context.OutputMemory<float>(1, x[1]), context.OutputMemory<float>(2, x[1]), parallel);
        };
    }

    static int Plane(Extents shape) => (int)(shape.Length / ((long)shape[0] * shape[1]));
}

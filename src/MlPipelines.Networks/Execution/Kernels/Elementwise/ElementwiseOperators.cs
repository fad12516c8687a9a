using MlPipelines.Graphs;
using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>ReluGradient (Y, dY) → dX · ClipGradient (X, dY; least, most) → dX.</summary>
static class ElementwiseOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new KernelOperator(nameof(Op.ReluGradient), 2, 1, _ => (in KernelContext context, ParallelFor parallel) =>
            ReluGradient.Run(context.InputMemory<float>(0), context.InputMemory<float>(1),
                context.OutputMemory<float>(0, context.Shape(0).AsSpan()), parallel)),
        new KernelOperator(nameof(Op.ClipGradient), 2, 1, Clip),
    ];

    static Computation Clip(KernelAttributes attributes)
    {
        var bounds = Bounds.Of(attributes);
        return (in KernelContext context, ParallelFor parallel) =>
            ClipGradient.Run(bounds, context.InputMemory<float>(0), context.InputMemory<float>(1),
                context.OutputMemory<float>(0, context.Shape(0).AsSpan()), parallel);
    }
}

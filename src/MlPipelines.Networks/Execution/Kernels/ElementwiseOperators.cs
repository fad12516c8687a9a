using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>ReluGradient (Y, dY) → dX · ClipGradient (X, dY; least, most) → dX · ChannelSum (dY) → [K] · BatchNormalizationTraining (X,
/// scale, B; epsilon, least, most) → Y, mean, variance · BatchNormalizationGradient (X, dY, scale, mean, variance, B?; epsilon, least,
/// most) → dX, dScale, dB.</summary>
/// <remarks>With least and most, normalization clips its result; its gradient then needs B,
/// and lets pass what comes to results from least to most.</remarks>
static class ElementwiseOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new KernelOperator("ReluGradient", 2, 1, _ => (in KernelContext context, ParallelFor parallel) =>
            ReluGradient.Run(context.InputMemory<float>(0), context.InputMemory<float>(1),
                context.OutputMemory<float>(0, context.Shape(0).AsSpan()), parallel)),
        new KernelOperator("ClipGradient", 2, 1, Clip),
        new KernelOperator("ChannelSum", 1, 1, _ => (in KernelContext context, ParallelFor parallel) =>
        {
            var dy = context.Shape(0);
            ChannelSum.Run(dy[0], dy[1], Plane(dy), context.InputMemory<float>(0), context.OutputMemory<float>(0, dy[1]), parallel);
        }),
        new KernelOperator("BatchNormalizationTraining", 3, 3, Normalize),
        new KernelOperator("BatchNormalizationGradient", 6, 3, NormalizeGradient, optional: 1),
    ];

    static Computation Clip(KernelAttributes attributes)
    {
        var bounds = BoundsOf(attributes);
        return (in KernelContext context, ParallelFor parallel) =>
            ClipGradient.Run(bounds, context.InputMemory<float>(0), context.InputMemory<float>(1),
                context.OutputMemory<float>(0, context.Shape(0).AsSpan()), parallel);
    }

    static Bounds BoundsOf(KernelAttributes attributes) =>
        new(attributes.Float("least", Bounds.None.Least), attributes.Float("most", Bounds.None.Most));

    static Computation Normalize(KernelAttributes attributes)
    {
        var (epsilon, clip) = (attributes.Float("epsilon", 1e-5f), BoundsOf(attributes));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var x = context.Shape(0);
            var input = new NormalizationInput(new(x[0], x[1], Plane(x), epsilon, clip), context.InputMemory<float>(0),
                context.InputMemory<float>(1), context.InputMemory<float>(2));
            BatchNormalization.Run(input, context.OutputMemory<float>(0, x.AsSpan()), context.OutputMemory<float>(1, x[1]),
                context.OutputMemory<float>(2, x[1]), parallel);
        };
    }

    static Computation NormalizeGradient(KernelAttributes attributes)
    {
        var (epsilon, clip) = (attributes.Float("epsilon", 1e-5f), BoundsOf(attributes));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var x = context.Shape(0);
            var input = new NormalizationInput(new(x[0], x[1], Plane(x), epsilon, clip), context.InputMemory<float>(0),
                context.InputMemory<float>(2), context.Has(5) ? context.InputMemory<float>(5) : default);
            new BatchNormalizationGradient(input, context.InputMemory<float>(3), context.InputMemory<float>(4)).Run(
                context.InputMemory<float>(1), context.OutputMemory<float>(0, x.AsSpan()), context.OutputMemory<float>(1, x[1]),
                context.OutputMemory<float>(2, x[1]), parallel);
        };
    }

    static int Plane(Extents shape) => (int)(shape.Length / ((long)shape[0] * shape[1]));
}

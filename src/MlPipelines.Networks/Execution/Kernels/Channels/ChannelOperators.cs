using MlPipelines.Graphs;
using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>ChannelSum (dY) → [K] · BatchNormalizationTraining (X, scale, B; epsilon, least, most) → Y, mean, variance ·
/// BatchNormalizationGradient (X, dY, scale, mean, variance, B?; epsilon, least, most) → dX, dScale, dB.</summary>
/// <remarks>With least and most, normalization clips its result; its gradient then needs B,
/// and lets pass what comes to results from least to most.</remarks>
static class ChannelOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } = Of(null);

    /// <summary>Those whose normalisations take statistics together with other processes; null for this one alone.</summary>
    public static IReadOnlyList<CustomOperator> Of(StatisticsExchange? exchange) =>
    [
        new KernelOperator(nameof(Op.ChannelSum), 1, 1, _ => (in KernelContext context, ParallelFor parallel) =>
        {
            var dy = context.Shape(0);
            ChannelSum.Run(dy[0], dy[1], Plane(dy), context.InputMemory<float>(0), context.OutputMemory<float>(0, dy[1]), parallel);
        }),
        new KernelOperator(nameof(Op.BatchNormalizationTraining), 3, 3, attributes => Normalize(attributes, exchange)),
        new KernelOperator(nameof(Op.BatchNormalizationGradient), 6, 3, attributes => NormalizeGradient(attributes, exchange),
            optional: 1),
    ];

    static Computation Normalize(KernelAttributes attributes, StatisticsExchange? exchange)
    {
        var (epsilon, clip) = (attributes.Float("epsilon", 1e-5f), Bounds.Of(attributes));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var x = context.Shape(0);
            var input = new NormalizationInput(new(x[0], x[1], Plane(x), epsilon, clip), context.InputMemory<float>(0),
                context.InputMemory<float>(1), context.InputMemory<float>(2));
            BatchNormalization.Run(input, context.OutputMemory<float>(0, x.AsSpan()), context.OutputMemory<float>(1, x[1]),
                context.OutputMemory<float>(2, x[1]), parallel, exchange);
        };
    }

    static Computation NormalizeGradient(KernelAttributes attributes, StatisticsExchange? exchange)
    {
        var (epsilon, clip) = (attributes.Float("epsilon", 1e-5f), Bounds.Of(attributes));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var x = context.Shape(0);
            var input = new NormalizationInput(new(x[0], x[1], Plane(x), epsilon, clip), context.InputMemory<float>(0),
                context.InputMemory<float>(2), context.Has(5) ? context.InputMemory<float>(5) : default);
            new BatchNormalizationGradient(input, context.InputMemory<float>(3), context.InputMemory<float>(4)).Run(
                context.InputMemory<float>(1), context.OutputMemory<float>(0, x.AsSpan()), context.OutputMemory<float>(1, x[1]),
                context.OutputMemory<float>(2, x[1]), parallel, exchange);
        };
    }

    static int Plane(Extents shape) => (int)(shape.Length / ((long)shape[0] * shape[1]));
}

using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>SgdUpdate (W, G, V, rate [1], momentum [1]) → W, V · RMSpropUpdate (W, G, A, rate) → W, A · AdamUpdate (W, G, M, V, rate, β₁
/// [1], decoupled decay [1]?) → W, M, V · AdadeltaUpdate (W, G, A, D, rate) → W, A, D.</summary>
/// <remarks>Attributes as the records' members: nesterov, decay, rho, epsilon, epsilon_inside_root, beta2.</remarks>
static class OptimizerOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new KernelOperator("SgdUpdate", 5, 2, Sgd),
        new KernelOperator("RMSpropUpdate", 4, 2, RmsProp),
        new KernelOperator("AdamUpdate", 7, 3, Adam, optional: 1),
        new KernelOperator("AdadeltaUpdate", 5, 3, Adadelta),
    ];

    static Computation Sgd(KernelAttributes attributes)
    {
        var update = new SgdUpdate(0, 0, attributes.Int("nesterov", 0) != 0, attributes.Float("decay", 0));
        return (in KernelContext context,
            ParallelFor parallel) => (update with { Rate = context.InputSpan<float>(3)[0], Momentum = context.InputSpan<float>(4)[0] })
            .Run(In(context, 0), In(context, 1), In(context, 2), Out(context, 0), Out(context, 1), parallel);
    }

    static Computation RmsProp(KernelAttributes attributes)
    {
        var update = new RmsPropUpdate(0, attributes.Float("rho", .9f), attributes.Float("epsilon", 1e-7f),
            attributes.Int("epsilon_inside_root", 0) != 0, attributes.Float("decay", 0));
        return (in KernelContext context, ParallelFor parallel) => (update with { Rate = context.InputSpan<float>(3)[0] })
            .Run(In(context, 0), In(context, 1), In(context, 2), Out(context, 0), Out(context, 1), parallel);
    }

    static Computation Adam(KernelAttributes attributes)
    {
        var update = new AdamUpdate(0, 0, attributes.Float("beta2", .999f), attributes.Float("epsilon", 1e-7f),
            attributes.Float("decay", 0), 0);
        return (in KernelContext context, ParallelFor parallel) => TwoStates(context).Run(update with
        {
            Rate = context.InputSpan<float>(4)[0],
            Beta1 = context.InputSpan<float>(5)[0],
            DecoupledDecay = context.Has(6) ? context.InputSpan<float>(6)[0] : 0,
        }, parallel);
    }

    static Computation Adadelta(KernelAttributes attributes)
    {
        var update = new AdadeltaUpdate(0, attributes.Float("rho", .95f), attributes.Float("epsilon", 1e-7f), attributes.Float("decay", 0));
        return (in KernelContext context, ParallelFor parallel) =>
            TwoStates(context).Run(update with { Rate = context.InputSpan<float>(4)[0] }, parallel);
    }

    static TwoStateBuffers TwoStates(in KernelContext context) => new()
    {
        Weights = In(context, 0),
        Gradient = In(context, 1),
        First = In(context, 2),
        Second = In(context, 3),
        NewWeights = Out(context, 0),
        NewFirst = Out(context, 1),
        NewSecond = Out(context, 2),
    };

    static ReadOnlyMemory<float> In(in KernelContext context, int input) => context.InputMemory<float>(input);

    /// <summary>An output of the weights' shape.</summary>
    static Memory<float> Out(in KernelContext context, int output) => context.OutputMemory<float>(output, context.Shape(0).AsSpan());
}

using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Execution.Kernels;

/// <summary>Computes one node in one call.</summary>
delegate void Computation(in KernelContext context, ParallelFor parallel);

/// <summary>Reads a node's attributes once and gives its computation.</summary>
delegate Computation Preparation(KernelAttributes attributes);

/// <summary>An operator of domain "mlpipelines", as one row: name, numbers of inputs and outputs, and what it does. All elements are floats
/// unless <paramref name="types"/> says otherwise.</summary>
sealed class KernelOperator(string name, int inputs, int outputs, Preparation prepare, int optional = 0, ElementType[]? types = null)
    : CustomOperator
{
    internal override string Name => name;
    internal override IReadOnlyList<ElementType> Inputs { get; } = types ?? [.. Enumerable.Repeat(ElementType.Float, inputs)];
    internal override IReadOnlyList<ElementType> Outputs { get; } = [.. Enumerable.Repeat(ElementType.Float, outputs)];
    internal override int OptionalInputs => optional;
    internal override CustomKernel CreateKernel(KernelAttributes attributes) => new Kernel(prepare(attributes));

    sealed class Kernel(Computation compute) : CustomKernel
    {
        internal override void Compute(in KernelContext context) => compute(context, new ParallelFor(context.Parallel()));
    }
}

using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>An operator of our own in domain <see cref="Domain"/>, computed on the processor by C#.</summary>
/// <remarks>One instance serves all sessions, from any thread; what belongs to one node belongs in its kernel.</remarks>
abstract class CustomOperator
{
    /// <summary>The domain that nodes and the model's opset import name (version 1).</summary>
    internal const string Domain = "mlpipelines";

    /// <summary>The operator type that nodes name.</summary>
    internal abstract string Name { get; }

    /// <summary>Element types of the inputs, in order; Undefined takes any.</summary>
    internal abstract IReadOnlyList<ElementType> Inputs { get; }

    internal abstract IReadOnlyList<ElementType> Outputs { get; }

    /// <summary>How many of the last inputs a node may leave out.</summary>
    internal virtual int OptionalInputs => 0;

    /// <summary>Whether the last input (or output) may occur any number of times, at least once.</summary>
    internal virtual bool VariadicInput => false;
    internal virtual bool VariadicOutput => false;

    /// <summary>The kernel of one node, made once a session.</summary>
    internal abstract CustomKernel CreateKernel(KernelAttributes attributes);
}

/// <summary>Computes one node; may be called from several threads at once.</summary>
abstract class CustomKernel
{
    /// <summary>Reads the inputs and writes every output. An exception ends the run with its message.</summary>
    internal abstract void Compute(in KernelContext context);
}

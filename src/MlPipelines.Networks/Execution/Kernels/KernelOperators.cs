using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>Every operator that this library brings along.</summary>
static class KernelOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        .. ConvolutionOperators.All, .. PoolingOperators.All, .. ChannelOperators.All, .. ElementwiseOperators.All,
        .. OptimizerOperators.All,
    ];
}

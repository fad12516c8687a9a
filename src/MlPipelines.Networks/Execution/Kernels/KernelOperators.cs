using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>Every operator that this library brings along.</summary>
static class KernelOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } = Of(null);

    /// <summary>With statistics of normalisations over other processes too; null for this one alone.</summary>
    public static IReadOnlyList<CustomOperator> Of(StatisticsExchange? exchange) =>
    [
        .. ConvolutionOperators.All, .. PoolingOperators.All, .. ChannelOperators.Of(exchange), .. ElementwiseOperators.All,
        .. OptimizerOperators.All,
    ];
}

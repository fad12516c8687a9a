using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Native;

namespace MlPipelines;

/// <summary>Statistics that the normalisations of a step take over the samples of all processes, while the step runs.</summary>
/// <param name="communicator">The processes.</param>
/// <param name="step">The graph of a step; those of all processes differ in the size of their batch alone.</param>
sealed class SharedStatistics(ICommunicator communicator, TrainingGraph step)
{
    readonly int exchanges = step.Graph.Nodes.Count(node =>
        node.Operator.Type is nameof(Op.BatchNormalizationTraining) or nameof(Op.BatchNormalizationGradient));
    ExceptionDispatchInfo? failure;

    /// <summary>For the kernels.</summary>
    public StatisticsExchange Exchange => field ??= new(Gather);

    /// <summary>Runs a step; or without one takes part in those of the others.</summary>
    /// <exception cref="CommunicationException">Another process is gone, or gave up.</exception>
    public void Run(TrainingStep? own)
    {
        try
        {
            if (own is not null)
                own.Run();
            else
                Exchange.Attend(exchanges);
        }
        catch (NativeException) when (failure is not null)
        {
            // What fails inside of a run comes out of it as text.
            failure.Throw();
        }
    }

    IReadOnlyList<double[]> Gather(double[] own)
    {
        try
        {
            return [.. communicator.AllGather(MemoryMarshal.AsBytes<double>(own))
                .Select(each => MemoryMarshal.Cast<byte, double>(each).ToArray())];
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }
}

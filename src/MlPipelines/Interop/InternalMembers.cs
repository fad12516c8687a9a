using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MlPipelines.Interop;

/// <summary>What ML.NET's public types do by members that are internal.</summary>
static class InternalMembers
{
    public static DataOperationsCatalog.TrainTestData TrainTest(IDataView train, IDataView test) => new(train, test);

    public static DataOperationsCatalog DataCatalog(this IHostEnvironment host) => new(host);

    public static TransformsCatalog TransformsCatalog(this IHostEnvironment host) => new(host);

    /// <summary>The rate of a step.</summary>
    /// <param name="scheduler">What says it.</param>
    /// <param name="batchSize">Rows in a step.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch.</param>
    /// <param name="epoch">The epoch, from zero.</param>
    /// <param name="step">The step in it, from zero.</param>
    public static float RateAt(this LearningRateScheduler scheduler, int batchSize, int stepsPerEpoch, int epoch, int step) =>
        scheduler.GetLearningRate(new()
        {
            BatchSize = batchSize,
            BatchesPerEpoch = stepsPerEpoch,
            CurrentEpoch = epoch,
            CurrentBatchIndex = step,
        });
}

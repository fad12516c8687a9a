namespace MlPipelines.Tests;

/// <summary>Epochs made up.</summary>
static class Epochs
{
    public static EpochMetrics Of(int epoch, double loss, double accuracy, double? validationLoss = null,
        double? validationAccuracy = null) =>
        new()
        {
            Epoch = epoch,
            Loss = loss,
            Accuracy = accuracy,
            ValidationLoss = validationLoss,
            ValidationAccuracy = validationAccuracy,
            LearningRate = 0.01f,
            Samples = 100,
            Seconds = 5,
        };
}

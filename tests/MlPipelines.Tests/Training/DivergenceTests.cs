
namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class DivergenceTests
{
    readonly MLContext ml = new(1);

    /// <summary>A good rate for two epochs, then one that no network survives.</summary>
    sealed record Exploding : LearningRateSchedule
    {
        public override float At(float learningRate, in TrainingMoment moment) => moment.Epoch < 2 ? learningRate : 1e30f;
    }

    [Fact]
    public void Weights_that_leave_the_finite_numbers_in_the_last_step_end_the_training()
    {
        var data = Patterns.View(ml, Patterns.Stripes(16));
        var error = Assert.Throws<DivergedException>(() =>
            Patterns.Fit(ml, data,
                new()
                {
                    Network = Patterns.Small(),
                    Optimizer = new Sgd(float.MaxValue, 0.9f),
                    Epoch = 2,
                    BatchSize = 16,
                    ValidationSetFraction = 0,
                }));

        Assert.StartsWith("Training: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Make the learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_epoch_before_it_is_kept_and_told()
    {
        var (data, told) = (Patterns.View(ml, Patterns.Stripes(96)), new List<string>());
        ml.Log += (_, message) => told.Add(message.RawMessage);
        using var model = Patterns.Fit(ml, data,
            new()
            {
                Network = Patterns.Small(),
                Optimizer = new Adam(0.01f),
                LearningRateScheduler = new Exploding(),
                Epoch = 10,
                BatchSize = 16,
                ValidationSetFraction = 0,
            });

        Assert.All(model.Transform(data).GetColumn<float[]>("Score").SelectMany(scores => scores),
            score => Assert.True(float.IsFinite(score)));
        Assert.Contains(told, message => message.Contains("is kept", StringComparison.Ordinal));
    }
}

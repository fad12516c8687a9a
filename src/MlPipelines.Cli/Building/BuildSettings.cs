namespace MlPipelines.Cli;

/// <summary>What one build is asked to do.</summary>
sealed record BuildSettings
{
    /// <summary>When it shall have ended.</summary>
    public float Minutes { get; init; } = 10;

    /// <summary>Whether <see cref="Minutes"/> bound it.</summary>
    public bool IsTimed { get; init; } = true;

    /// <summary>The most trials; null for no bound.</summary>
    public int? Trials { get; init; }

    /// <summary>Networks to try beside those at hand.</summary>
    public string[] Networks { get; init; } = [];

    /// <summary>Name of the class of a program around the model, in the run's folder; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>The images and places, as those of a training.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>The same with other images or places.</summary>
    public BuildSettings On(Func<TrainingSettings, TrainingSettings> change) => this with { Training = change(Training) };
}

namespace MlPipelines.Cli;

/// <summary>What one training run is asked to do.</summary>
sealed record TrainingSettings
{
    public required string Folder { get; init; }
    public string? Validation { get; init; }
    public string? Test { get; init; }
    public int Epochs { get; init; } = 20;
    public int Batch { get; init; } = 32;
    public float? LearningRate { get; init; }
    public int Size { get; init; } = 96;
    public int Seed { get; init; } = 1;
    public string Output { get; init; } = "runs";
    public string? Name { get; init; }
    public string Device { get; init; } = "cpu";
    public int? Workers { get; init; }
    public bool Strict { get; init; }
}

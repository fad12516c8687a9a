namespace MlPipelines;

/// <summary>How processes that train together watch each other.</summary>
public sealed record MpiOptions
{
    /// <summary>After how long without a sign of life a process counts as cut off; 15 seconds where nothing is said. At least 2 seconds, as
    /// a sign is given each second.</summary>
    public TimeSpan Silence
    {
        get; init => field = value >= TimeSpan.FromSeconds(2) ? value
            : throw new ArgumentOutOfRangeException(nameof(Silence), $"Silence: got {value.TotalSeconds} seconds, needs at least 2.");
    } = TimeSpan.FromSeconds(15);
}

namespace MlPipelines.Cli;

/// <summary>What of a network is used.</summary>
/// <param name="Output">The output wanted where its file has several, or an inner value; null for its only one.</param>
/// <param name="Cut">The layer that gives the features; null for what the network's classifier starts from.</param>
sealed record NetworkPart(string? Output, string? Cut)
{
    public static NetworkPart Whole { get; } = new(null, null);
}

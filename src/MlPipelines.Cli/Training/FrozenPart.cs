namespace MlPipelines.Cli;

/// <summary>What of a network stays as it is, as --freeze says.</summary>
/// <param name="Text">none, all, or the name of a layer.</param>
sealed record FrozenPart(string Text)
{
    public bool IsAll => Is("all");

    /// <summary>The last layer that stays; null where all or none does.</summary>
    public string? Layer => IsAll || Is("none") ? null : Text;

    public override string ToString() => Text;

    bool Is(string text) => Text.Equals(text, StringComparison.OrdinalIgnoreCase);
}

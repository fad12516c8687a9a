namespace MlPipelines;

/// <summary>Mirrors the image, left for right or upside down, each with a probability of one half.</summary>
/// <param name="Horizontal">True to mirror left for right.</param>
/// <param name="Vertical">True to mirror upside down.</param>
/// <remarks>Source: Krizhevsky, Sutskever, Hinton 2012, §4.1.</remarks>
public sealed record RandomFlip(bool Horizontal = true, bool Vertical = false) : ImageAugmentation
{
    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var (across, down) = (dice.Chance(0.5) && Horizontal, dice.Chance(0.5) && Vertical);
        return new Warp(new(across ? -1 : 1, 0, across ? size.Width - 1 : 0, 0, down ? -1 : 1, down ? size.Height - 1 : 0));
    }
}

namespace MlPipelines;

/// <summary>Trains the classifier alone at first, and then one more block of the network after another, the last first.</summary>
/// <param name="EpochsPerBlock">Epochs after which the next block is set free.</param>
/// <remarks>Source: Howard, Ruder 2018, arXiv:1801.06146, section 3.3.</remarks>
public sealed record GradualUnfreezing(int EpochsPerBlock = 1)
{
    /// <inheritdoc cref="GradualUnfreezing" path="/param[@name='EpochsPerBlock']"/>
    public int EpochsPerBlock { get; init => field = Check.AtLeast(value, 1, nameof(EpochsPerBlock)); } = Check.AtLeast(EpochsPerBlock, 1);

    /// <summary>Blocks that are still frozen.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="blocks">Blocks before the classifier.</param>
    public int FrozenAt(int epoch, int blocks) => Math.Max(0, blocks - epoch / EpochsPerBlock);
}

namespace MlPipelines;

/// <summary>Which samples the batches of an epoch hold, and in which order.</summary>
public enum BatchSampling
{
    /// <summary>Each sample once an epoch, in random order.</summary>
    Shuffled,

    /// <summary>
    /// Of each class as many in every batch, but for one at most. An epoch has as many samples as the training set; each class is gone
    /// through in random order again and again, on from where the epoch before ended.
    /// So samples of small classes come several times an epoch, each time augmented differently,
    /// and those of large ones not in every epoch.
    /// </summary>
    ClassBalanced,
}

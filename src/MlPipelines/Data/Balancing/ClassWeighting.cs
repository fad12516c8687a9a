namespace MlPipelines;

/// <summary>How much the loss of a sample counts by the size of its class. With n samples of k classes, n_c of class c,
/// the mean over all samples is 1.</summary>
public enum ClassWeighting
{
    /// <summary>All samples count the same.</summary>
    None,

    /// <summary>n / (k · n_c): all classes count the same. Source: scikit-learn's <c>compute_class_weight("balanced")</c>; King,
    /// Zeng 2001.</summary>
    Balanced,

    /// <summary>Proportional to 1 / √n_c: half-way, for sizes that differ so much that <see cref="Balanced"/> would follow a few
    /// images.</summary>
    SquareRoot,
}

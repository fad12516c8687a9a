using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>One weighted sum a class and Softmax: multinomial logistic regression,
/// solved to its optimum from all features at once.</summary>
/// <param name="L2Regularization">λ: ½·λ·‖weights‖² is added to the sum of the samples' losses; the biases are left out.
/// scikit-learn's C is 1/λ. Null chooses it by cross-validation in five folds, which the log tells of.</param>
/// <param name="OptimizationTolerance">Ends where no element of the mean gradient is larger.</param>
/// <param name="MaximumNumberOfIterations">Ends there at the latest.</param>
/// <remarks>features [N,F] → [N,classes]. For learning in mini-batches take a <see cref="MultilayerPerceptron"/> without hidden units.
/// Source: Liu and Nocedal 1989 (L-BFGS).</remarks>
public sealed record LinearHead(float? L2Regularization = null, float OptimizationTolerance = 1e-5f, int MaximumNumberOfIterations = 500)
    : Head
{
    /// <inheritdoc cref="LinearHead" path="/param[@name='L2Regularization']"/>
    public float? L2Regularization { get; } =
        L2Regularization is { } given ? Check.AtLeast(given, 0, nameof(L2Regularization)) : null;
    /// <inheritdoc cref="LinearHead" path="/param[@name='OptimizationTolerance']"/>
    public float OptimizationTolerance { get; } = Check.AtLeast(OptimizationTolerance, 0);
    /// <inheritdoc cref="LinearHead" path="/param[@name='MaximumNumberOfIterations']"/>
    public int MaximumNumberOfIterations { get; } = Check.AtLeast(MaximumNumberOfIterations, 1);

    /// <inheritdoc/>
    public override IEnumerable<Layer> Layers(int classes) => [new Dense(classes) { KernelInitializer = new Zeros() }];

    internal override IFeatureFit Fit => new WholeBatchFit(L2Regularization, OptimizationTolerance, MaximumNumberOfIterations);
}

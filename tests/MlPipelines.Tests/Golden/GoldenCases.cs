using System.Text.Json;

namespace MlPipelines.Tests.Golden;

public sealed record GoldenGradients(int Opset, GradientCase[] Cases);

/// <summary>One operator, run forward and back.</summary>
/// <remarks>
/// Op: ONNX operator of opset 17 (Gelu, which is younger, apart).
/// Inputs: Null for an absent optional input.
/// Differentiable: Which inputs get a gradient; the others are constants.
/// Dy: Upstream gradient of each output; null where nothing flows back.
/// Gradients: One per differentiable input.
/// </remarks>
public sealed record GradientCase(
    string Name, string Op, Dictionary<string, JsonElement> Attributes, GoldenTensor?[] Inputs, int[] Differentiable,
    GoldenTensor[] Outputs, GoldenTensor?[] Dy, GoldenTensor[] Gradients)
{
    /// <summary>Attributes as long, float, string or long[]; a number with a point or exponent is a float.</summary>
    public IReadOnlyDictionary<string, object> TypedAttributes() => Attributes.ToDictionary(pair => pair.Key, pair => Typed(pair.Value));

    static object Typed(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => value.EnumerateArray().Select(item => item.GetInt64()).ToArray(),
        _ when value.GetRawText().AsSpan().ContainsAny(".eE") => value.GetSingle(),
        _ => value.GetInt64(),
    };
}

public sealed record GoldenLosses(LossCase[] Cases);

/// <summary>Categorical cross-entropy from logits.</summary>
/// <remarks>
/// Smoothing: Targets are (1 − smoothing) · one-hot + smoothing / classes.
/// ClassWeights: Weight of a sample by its true class; null for 1.
/// PerSample: Unweighted.
/// MeanOverBatch: Σ w·l / N, Keras's.
/// MeanOverWeights: Σ w·l / Σ w, PyTorch's.
/// </remarks>
public sealed record LossCase(
    string Name, float Smoothing, GoldenTensor Logits, GoldenTensor Labels, GoldenTensor? ClassWeights, GoldenTensor PerSample,
    LossValue MeanOverBatch, LossValue MeanOverWeights);

/// <remarks>
/// Gradient: With respect to the logits.
/// </remarks>
public sealed record LossValue(double Loss, GoldenTensor Gradient);

/// <remarks>
/// Known: Published scalars: weight KnownStart after each of KnownGradients.
/// </remarks>
public sealed record GoldenOptimizers(double KnownStart, double[] KnownGradients, KnownScalars[] Known, Trajectory[] Trajectories);

/// <remarks>
/// Hyperparameters: By name, numbers or truth values, as in the script.
/// </remarks>
public sealed record KnownScalars(string Rule, Dictionary<string, JsonElement> Hyperparameters, double[] Weights);

/// <summary>Steps of a vector under given gradients.</summary>
/// <remarks>
/// Gradients: One vector a step.
/// Weights: The vector after each step.
/// </remarks>
public sealed record Trajectory(
    string Name, string Rule, Dictionary<string, JsonElement> Hyperparameters, double[] Start, double[][] Gradients, double[][] Weights);

/// <summary>A tiny network trained on one batch; tests/golden/network.py describes it.</summary>
/// <remarks>
/// InferenceLogits: After the last step, by the moving statistics.
/// Steps: Step 0 is the start: no loss, no gradients.
/// </remarks>
public sealed record GoldenNetwork(GoldenTensor Images, GoldenTensor Labels, GoldenTensor InferenceLogits, NetworkStep[] Steps);

/// <remarks>
/// Loss: Before the step's update, as are the gradients; weights and moving statistics are after it.
/// </remarks>
public sealed record NetworkStep(
    int Step, Dictionary<string, GoldenTensor> Weights, Dictionary<string, GoldenTensor> Moving,
    double Loss = double.NaN, Dictionary<string, GoldenTensor>? Gradients = null);

/// <summary>The tiny network trained with what fine-tuning adds; tests/golden/finetuning.py describes it.</summary>
/// <remarks>
/// Rate: Learning rate of the last group.
/// Decay: Of the averages.
/// Groups: Number of the group of each weight, where a case has several; the others are in the last.
/// </remarks>
public sealed record GoldenFineTuning(float Rate, float Decay, Dictionary<string, int> Groups, FineTuningCase[] Cases);

/// <remarks>
/// Batches: Samples of each batch of an update; null for all in one.
/// Frozen: Groups that each update leaves alone; null for none.
/// Losses: One a batch.
/// Averages: Null where none are kept.
/// </remarks>
public sealed record FineTuningCase(
    string Name, string Optimizer, double[] Losses, Dictionary<string, GoldenTensor> Weights,
    Dictionary<string, GoldenTensor>? Averages = null,
    float? Norm = null, float? Value = null, float[]? Factors = null, int[]? Batches = null, int[]? Frozen = null,
    OneCycleCase? OneCycle = null, float[]? Rates = null, float[]? Momenta = null);

/// <summary>Arguments of torch's OneCycleLR.</summary>
public sealed record OneCycleCase(float PctStart, float DivFactor, float FinalDivFactor, float BaseMomentum, float MaxMomentum);

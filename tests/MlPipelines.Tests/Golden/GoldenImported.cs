namespace MlPipelines.Tests.Golden;

/// <summary>What tests/golden/imported.py wrote.</summary>
/// <param name="Networks">One entry per network.</param>
public sealed record GoldenImported(ImportedCase[] Networks);

/// <summary>Logits and gradients of one network, computed in float64.</summary>
/// <param name="Network">Name of its file without the extension.</param>
/// <param name="Sha256">Of its file.</param>
/// <param name="Batch">Number of images.</param>
/// <param name="Size">Their height and width.</param>
/// <param name="Loss">Sum of sin(1 + i) · logits[i].</param>
/// <param name="Logits">The first logits.</param>
/// <param name="Weights">Gradients of the loss.</param>
public sealed record ImportedCase(string Network, string Sha256, int Batch, int Size, double Loss, double[] Logits,
    WeightGradient[] Weights);

/// <summary>The gradient of one weight.</summary>
/// <param name="Name">The weight.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Norm">Euclidean norm of the gradient.</param>
/// <param name="Samples">Pairs of place and element.</param>
public sealed record WeightGradient(string Name, int[] Shape, double Norm, double[][] Samples);

namespace MlPipelines;

/// <summary>Two classes of which one is taken for the other.</summary>
/// <param name="True">Name of the class that the rows are of.</param>
/// <param name="Predicted">Name of the class that they are taken for.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Share">Of all rows of the true class, from 0 to 1.</param>
public sealed record ConfusedPair(string True, string Predicted, long Count, double Share);

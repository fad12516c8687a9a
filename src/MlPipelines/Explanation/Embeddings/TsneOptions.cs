using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How t-SNE lays vectors out in the plane.</summary>
/// <remarks>The numbers are those of scikit-learn's TSNE.</remarks>
public sealed record TsneOptions
{
    /// <summary>About how many neighbours each vector has; less than a third of the vectors.</summary>
    public double Perplexity { get; init => field = Check.AtLeast(value, 1, nameof(Perplexity)); } = 30;

    /// <summary>Steps of the descent.</summary>
    public int Iterations { get; init => field = Check.AtLeast(value, 1, nameof(Iterations)); } = 1000;

    /// <summary>What attraction is multiplied by in the first quarter of a thousand steps.</summary>
    public double EarlyExaggeration { get; init => field = Check.AtLeast(value, 1, nameof(EarlyExaggeration)); } = 12;

    /// <summary>The learning rate; null for the number of vectors by four times the exaggeration, at least 50.</summary>
    public double? LearningRate { get; init => field = value is { } rate ? Check.MoreThan(rate, 0, nameof(LearningRate)) : null; }

    /// <summary>Of a group of points the width by the distance, below which it repels as one point; 0 takes each point for
    /// itself.</summary>
    public double Angle { get; init => field = Check.Within(value, 0, 1, nameof(Angle)); } = 0.5;

    /// <summary>Principal components that longer vectors are brought to first; null for the vectors themselves.</summary>
    public int? Components { get; init => field = value is { } count ? Check.AtLeast(count, 2, nameof(Components)) : null; } = 50;

    /// <summary>Where the points begin: null for the first two principal components, a number for points drawn by it.</summary>
    public int? Seed { get; init; }

    /// <summary>Where the points begin, one a vector; empty for what <see cref="Seed"/> says. Small numbers, such as 1e-4,
    /// are usual.</summary>
    public ImmutableArray<(double X, double Y)> Start { get; init; } = [];
}

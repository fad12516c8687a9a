using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Vectors as points of the plane.</summary>
/// <param name="Points">One each, in the order of the vectors.</param>
public sealed record Embedding(ImmutableArray<(double X, double Y)> Points)
{
    /// <summary>Of t-SNE, how far its neighbourhoods are from those of the vectors: the divergence that it made small; null for principal
    /// components.</summary>
    public double? Divergence { get; init; }

    /// <summary>The first two principal components.</summary>
    /// <param name="vectors">All of one length, two or more numbers.</param>
    /// <exception cref="ArgumentException">There are fewer than three vectors, or they differ in length.</exception>
    public static Embedding OfPrincipalComponents(IReadOnlyList<float[]> vectors)
    {
        Checked(vectors);
        return new([.. PrincipalComponents.Of(vectors, 2).Select(point => ((double)point[0], (double)point[1]))]);
    }

    /// <summary>t-SNE: neighbours stay neighbours.</summary>
    /// <param name="vectors">All of one length, two or more numbers.</param>
    /// <param name="options">How; null for scikit-learn's numbers.</param>
    /// <param name="progress">Told of the steps done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <remarks>Forces of far groups by a quadtree, on all cores; equal vectors and options give equal points,
    /// whatever the number of cores.
    /// Source: van der Maaten 2014, JMLR 15 (Barnes–Hut); Kobak, Berens 2019, doi:10.1038/s41467-019-13056-x (the start).</remarks>
    /// <exception cref="ArgumentException">There are too few vectors for the perplexity, they differ in length, or hold what is no
    /// number.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Embedding OfTsne(IReadOnlyList<float[]> vectors, TsneOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        Checked(vectors);
        options ??= new();
        if (vectors.Count < 3 * options.Perplexity)
            throw new ArgumentException(
                $"vectors: got {vectors.Count}, a perplexity of {options.Perplexity} needs three times as many. Give "
                + "more, or take a smaller perplexity.", nameof(vectors));
        if (!options.Start.IsDefaultOrEmpty && options.Start.Length != vectors.Count)
            throw new ArgumentException($"options.Start: has {options.Start.Length} points, there are {vectors.Count} vectors.",
                nameof(options));
        var isAlong = options.Components is { } components && vectors[0].Length > components;
        var near = isAlong ? PrincipalComponents.Of(vectors, options.Components!.Value) : vectors;
        return Tsne.Run(near, Start(near, isAlong, options), options, progress, cancellation);
    }

    // As small as scikit-learn begins. Vectors may lie along their components already.
    static double[] Start(IReadOnlyList<float[]> vectors, bool areComponents, TsneOptions options)
    {
        const double deviation = 1e-4;
        if (!options.Start.IsDefaultOrEmpty)
            return [.. options.Start.SelectMany(point => (double[])[point.X, point.Y])];
        var start = new double[2 * vectors.Count];
        if (options.Seed is { } number)
        {
            for (var i = 0; i < vectors.Count; i++)
            {
                var dice = Dice.For(number, i);
                (start[2 * i], start[2 * i + 1]) = (deviation * dice.Normal(), deviation * dice.Normal());
            }
            return start;
        }
        var components = areComponents ? vectors : PrincipalComponents.Of(vectors, 2);
        var spread = Math.Sqrt(components.Average(point => (double)point[0] * point[0]));
        for (var i = 0; i < vectors.Count; i++)
            for (var axis = 0; axis < 2; axis++)
                start[2 * i + axis] = spread > 0 ? components[i][axis] / spread * deviation : deviation * Dice.For(0, i, axis).Normal();
        return start;
    }

    static void Checked(IReadOnlyList<float[]> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Count < 3)
            throw new ArgumentException($"vectors: got {vectors.Count}, at least 3 are needed.", nameof(vectors));
        var length = vectors[0].Length;
        for (var i = 0; i < vectors.Count; i++)
            if (vectors[i].Length != length || length < 2)
                throw new ArgumentException(
                    $"vectors: number {i} has {vectors[i].Length} numbers, the first {length}; all need the same, two "
                    + "or more.", nameof(vectors));
            else if (!Array.TrueForAll(vectors[i], float.IsFinite))
                throw new ArgumentException($"vectors: number {i} holds what is no number. Leave it out.", nameof(vectors));
    }
}

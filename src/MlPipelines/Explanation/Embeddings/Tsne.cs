namespace MlPipelines;

/// <summary>The descent of t-SNE: points attract as their vectors belong together, and all repel each other.</summary>
/// <remarks>Source: van der Maaten 2014, JMLR 15, with the steps of scikit-learn 1.2.</remarks>
static class Tsne
{
    const int EarlySteps = 250, Chunk = 256;
    const double EarlyMomentum = 0.5, LateMomentum = 0.8, LeastGain = 0.01, LeastRate = 50;

    /// <param name="vectors">All of one length.</param>
    /// <param name="points">Where each begins: x and y; changed.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told of the steps done.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static Embedding Run(IReadOnlyList<float[]> vectors, double[] points, TsneOptions options, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        var affinities = Affinities.Of(vectors, options.Perplexity, cancellation);
        var rate = options.LearningRate ?? Math.Max(vectors.Count / options.EarlyExaggeration / 4, LeastRate);
        var forces = new Forces(affinities, points, options.Angle);
        var (speed, gains) = (new double[points.Length], new double[points.Length]);
        Array.Fill(gains, 1);
        for (var step = 0; step < options.Iterations; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var isEarly = step < EarlySteps;
            if (step == EarlySteps)
            {
                Array.Clear(speed);
                Array.Fill(gains, 1);
            }
            forces.Compute(isEarly ? options.EarlyExaggeration : 1);
            var momentum = isEarly ? EarlyMomentum : LateMomentum;
            for (var i = 0; i < points.Length; i++)
            {
                var gradient = forces.Gradient[i];
                gains[i] = Math.Max(speed[i] * gradient < 0 ? gains[i] + 0.2 : gains[i] * 0.8, LeastGain);
                speed[i] = momentum * speed[i] - rate * gains[i] * gradient;
                points[i] += speed[i];
            }
            progress?.Report(step + 1);
        }
        return new([.. Enumerable.Range(0, vectors.Count).Select(i => (points[2 * i], points[2 * i + 1]))])
        {
            Divergence = forces.Divergence(),
        };
    }

    /// <summary>What moves the points.</summary>
    sealed class Forces(Affinities affinities, double[] points, double angle)
    {
        readonly int count = points.Length / 2;
        readonly QuadTree tree = new(points.Length / 2);
        readonly double[] repulsion = new double[points.Length], sums = new double[points.Length / 2];

        public double[] Gradient { get; } = new double[points.Length];

        public void Compute(double exaggeration)
        {
            var sum = Repel();
            Parallel.For(0, (count + Chunk - 1) / Chunk, chunk =>
            {
                for (var i = chunk * Chunk; i < Math.Min(count, (chunk + 1) * Chunk); i++)
                {
                    var (x, y) = (0.0, 0.0);
                    for (var k = affinities.Starts[i]; k < affinities.Starts[i + 1]; k++)
                    {
                        var j = affinities.Neighbours[k];
                        var (dx, dy) = (points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]);
                        var pull = affinities.Shares[k] / (1 + dx * dx + dy * dy);
                        x += pull * dx;
                        y += pull * dy;
                    }
                    Gradient[2 * i] = 4 * (exaggeration * x - repulsion[2 * i] / sum);
                    Gradient[2 * i + 1] = 4 * (exaggeration * y - repulsion[2 * i + 1] / sum);
                }
            });
        }

        /// <summary>Kullback and Leibler's divergence of the points' neighbourhoods from those of the vectors.</summary>
        public double Divergence()
        {
            var (sum, total) = (Repel(), 0.0);
            for (var i = 0; i < count; i++)
                for (var k = affinities.Starts[i]; k < affinities.Starts[i + 1]; k++)
                {
                    var j = affinities.Neighbours[k];
                    var (dx, dy) = (points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]);
                    var share = affinities.Shares[k];
                    if (share > 0)
                        total += share * Math.Log(share * sum * (1 + dx * dx + dy * dy));
                }
            return total;
        }

        // The sum over all pairs, added in one order whatever the number of threads.
        double Repel()
        {
            tree.Build(points);
            Parallel.For(0, (count + Chunk - 1) / Chunk, chunk =>
            {
                for (var place = chunk * Chunk; place < Math.Min(count, (chunk + 1) * Chunk); place++)
                {
                    var i = tree.Order[place];
                    (repulsion[2 * i], repulsion[2 * i + 1], sums[i]) = tree.Repulsion(points[2 * i], points[2 * i + 1], angle);
                }
            });
            return sums.Sum();
        }
    }
}

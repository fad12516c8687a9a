using System.Collections.Immutable;
using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>How the probability of a class changes while the places that a heat map names are taken away from an image, or given back to
/// it, the most important first.</summary>
/// <param name="Deletion">Probability with none, and then one more part each, of the places made grey.</param>
/// <param name="Insertion">Probability with none, and then one more part each, of the places put back into a blurred image.</param>
/// <remarks>A map is faithful where the first area is small and the second large. Source: Petsiuk, Das, Saenko 2018,
/// arXiv:1806.07421.</remarks>
public sealed record Faithfulness(ImmutableArray<float> Deletion, ImmutableArray<float> Insertion)
{
    /// <summary>Mean height of the curve of deletion, from 0 to 1; less is better.</summary>
    public double DeletionArea => AreaOf(Deletion);

    /// <summary>Mean height of the curve of insertion, from 0 to 1; more is better.</summary>
    public double InsertionArea => AreaOf(Insertion);

    // By trapezoids.
    static double AreaOf(ImmutableArray<float> curve) =>
        curve.Zip(curve.Skip(1), (left, right) => (left + right) / 2.0).Average();

    /// <param name="explainer">The network.</param>
    /// <param name="image">As the network gets it.</param>
    /// <param name="map">Of that image.</param>
    /// <param name="parts">Into how many parts the places are divided.</param>
    internal static Faithfulness Of(NetworkExplainer explainer, Image image, HeatMap map, int parts)
    {
        const float blur = 0.05f, grey = 128;
        var (given, plain) = (NumbersOf(explainer, image),
            NumbersOf(explainer, image.Blur(Math.Max(1, blur * Math.Min(image.Width, image.Height)))));
        var empty = new float[given.Length];
        Array.Fill(empty, grey);
        var (values, order) = (map.Values.ToArray(), Enumerable.Range(0, map.Values.Length).ToArray());
        // Of equal numbers the first place comes first.
        Array.Sort(order, (one, other) => values[other].CompareTo(values[one]) is not 0 and var by ? by : one.CompareTo(other));
        var number = explainer.NumberOf(map.Class);
        return new(Curve(given, empty), Curve(plain, given));

        ImmutableArray<float> Curve(float[] from, float[] to)
        {
            var plane = order.Length;
            return [.. Enumerable.Range(0, parts + 1).Chunk(ScoredNetwork.BatchSize).SelectMany(steps =>
            {
                var numbers = new float[steps.Length * from.Length];
                foreach (var (row, step) in steps.Index())
                {
                    var own = numbers.AsSpan(row * from.Length, from.Length);
                    from.CopyTo(own);
                    foreach (var place in order.AsSpan(0, (int)((long)plane * step / parts)))
                        for (var at = place; at < from.Length; at += plane)
                            own[at] = to[at];
                }
                var input = explainer.Input;
                return explainer.ScoresOf(Tensor.Of<float>([steps.Length, input.Channels, input.Height, input.Width], numbers))
                    .Select(scores => scores[number]);
            })];
        }
    }

    static float[] NumbersOf(NetworkExplainer explainer, Image image) => explainer.TensorOf([image]).Elements<float>().ToArray();
}

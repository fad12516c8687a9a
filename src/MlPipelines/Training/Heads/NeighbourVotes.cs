using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Logarithms of the shares that classes have in the votes of the nearest samples, which it holds.</summary>
/// <remarks>x [N,F] → [N,classes]; <c>samples</c> [M,F], <c>classes</c> [M] and <c>weights</c> [M].
/// Before it is fitted it holds samples of no class.</remarks>
sealed record NeighbourVotes(int Classes, int Neighbours, NeighbourMetric Metric, NeighbourWeighting Weighting) : Layer
{
    public const string Samples = "samples", Labels = "classes", Weights = "weights";
    const float NoClass = -1, NoDistance = 1e-12f, NoVotes = 1e-15f;

    /// <summary>The name of one of its parts in a network, such as <see cref="Samples"/>.</summary>
    public static string NameOf(string part) => $"neighbour_votes/{part}";

    /// <summary>Whether a weight of that name grows with the samples.</summary>
    public static bool Holds(string weight) => weight == NameOf(Samples) || weight == NameOf(Labels) || weight == NameOf(Weights);

    public static bool IsSample(float label) => label != NoClass;

    protected override Value Apply(Value x)
    {
        var features = Channels(x, rank: 2);
        var held = Value.Parameter(Samples, [Neighbours, features], new Zeros());
        var labels = Value.Parameter(Labels, [Neighbours], new Constant(NoClass));
        var weights = Value.Parameter(Weights, [Neighbours], new Zeros());
        var samples = Metric == NeighbourMetric.Cosine ? Unit(held) : held;
        // The nearest have the largest x·s − ‖s‖² / 2: what is left out of the distance is the same for all samples.
        var lengths = Metric == NeighbourMetric.Cosine ? null : Squares(held, keep: false) * -0.5f;
        var (_, nearest) = Op.TopK(Op.Gemm(x, samples, lengths, transB: true), Neighbours);
        var votes = Op.Gather(weights, nearest);
        if (Weighting == NeighbourWeighting.Distance)
            votes *= Closeness(x, Op.Gather(samples, Op.Transpose(nearest, 1, 0)));
        var numbers =
            Value.Constant(Tensor.Of<float>([1, 1, Classes], [.. Enumerable.Range(0, Classes).Select(number => (float)number)]), "numbers");
        var sums = Op.ReduceSum(Op.Where(Op.Equal(Op.Unsqueeze(Op.Gather(labels, nearest), 2), numbers), Op.Unsqueeze(votes, 2), 0f), [1],
            keep: false);
        return Op.Log(Op.Max(sums / Op.ReduceSum(sums, [1]), NoVotes));
    }

    // From the differences and not from the products, which lose the digits of small distances. x [N,F], near [k,N,F] → [N,k].
    Value Closeness(Value x, Value near)
    {
        var squares = Op.Transpose(Squares(near - (Metric == NeighbourMetric.Cosine ? Unit(x) : x), keep: false), 1, 0);
        var distances = Metric == NeighbourMetric.Cosine ? squares * 0.5f : Op.Sqrt(squares);
        var same = Op.Where(Op.Less(distances, NoDistance), 1f, 0f);
        return Op.Where(Op.Greater(Op.ReduceMax(same, [1]), 0f), same, 1f / Op.Max(distances, NoDistance));
    }

    static Value Unit(Value x) => x / Op.Max(Op.Sqrt(Squares(x, keep: true)), NoDistance);

    static Value Squares(Value x, bool keep) => Op.ReduceSum(x * x, [-1], keep);
}

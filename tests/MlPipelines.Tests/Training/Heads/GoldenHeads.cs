using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Training.Heads;

/// <summary>scikit-learn's heads on made-up features, as tests/golden/heads.py wrote them, and ours on the same.</summary>
static class GoldenHeads
{
    public sealed record Logistic(float Penalty, float[] ClassWeights, bool Balanced, float[] SampleWeights, double[] Kernel, double[] Bias,
        double[] Probabilities);

    public sealed record Neighbours(int Count, string Metric, string Weights, double[] Probabilities);

    public sealed record Golden(int Classes, float[][] Features, int[] Labels, float[][] Queries, int[] NearestCentroid,
        Logistic[] Logistic, Neighbours[] Neighbours);

    public static Golden Numbers { get; } = GoldenFile.Read<Golden>("heads.json");

    public static FeatureTable Table { get; } =
        new([.. Numbers.Features.Select((features, i) => new Sample(features, Numbers.Labels[i], i))], Numbers.Classes);

    public static Graph Of(Head head, int classes, int? width = null)
    {
        var x = Value.Input("image", [Shape.Unknown, width ?? Numbers.Features[0].Length]);
        return new Graph([x], ("output", head.Layers(classes).Aggregate(x, (value, layer) => layer.On(value)))).Initialize(1);
    }

    public static Graph Fitted(Head head, FeatureTable table, CategoricalCrossEntropy? loss = null, Action<string>? warn = null) =>
        head.Fit!.Of(Of(head, table.Classes, table.FeaturesOf(0).Length), table, loss ?? new(),
            new(new(), warn ?? (_ => { }), _ => { }, CancellationToken.None)).Network;

    /// <summary>What ONNX Runtime computes from the file: probabilities, row after row.</summary>
    public static float[] Scores(Graph network, float[][] rows)
    {
        using var session = new Session(OnnxFile.Write(new Graph(network.Inputs, ("Score", Op.Softmax(network["output"], 1)))));
        float[] all = [.. rows.SelectMany(row => row)];
        return session.Run(new Dictionary<string, Tensor> { ["image"] = Tensor.Of<float>([rows.Length, rows[0].Length], all) })[0]
            .Elements<float>().ToArray();
    }

    public static FeatureTable Weighted(float[] weights) =>
        Table with { Samples = [.. Table.Samples.Zip(weights, (sample, weight) => sample with { Weight = weight })] };

    /// <summary>Samples of weights 0, 1, 2, 0, …, and those samples as often as their weights say.</summary>
    public static (FeatureTable Weighted, FeatureTable Repeated) WeightedAndRepeated()
    {
        float[] weights = [.. Enumerable.Range(0, Table.Count).Select(i => (float)(i % 3))];
        return (Weighted(weights), new([.. Table.Samples.SelectMany((sample, i) => Enumerable.Repeat(sample, i % 3))], Table.Classes));
    }
}

using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>The mean loss of all samples with its penalty, and its gradient, as a function of all weights at once.</summary>
/// <remarks>Samples lie in buffers of at most 4096 rows, each bound once; the last is filled up with rows of weight 0.</remarks>
sealed class Objective : IDisposable
{
    const int MostRows = 4096;
    const string Weights = "weights";

    readonly int samples, rowsOfBuffer;
    readonly Session session;
    readonly Dictionary<string, TensorBuffer> fed, results;
    readonly List<Dictionary<string, TensorBuffer>> data = [];
    readonly List<Binding> bindings = [];

    /// <param name="network">Features → logits.</param>
    /// <param name="features">The samples.</param>
    /// <param name="means">What is taken from the features.</param>
    /// <param name="loss">Of each sample.</param>
    /// <param name="options">Where it runs.</param>
    public Objective(Graph network, FeatureTable features, float[] means, CategoricalCrossEntropy loss, SessionSettings options)
    {
        samples = features.Count;
        var chunks = (features.Count + MostRows - 1) / MostRows;
        // All buffers have as many rows, so that one graph serves them, and the last is filled up with few.
        var rows = rowsOfBuffer = (features.Count + chunks - 1) / chunks;
        var forward = TrainingGraph.LogitsOf(network).WithBatch(rows);
        Parameters = [.. forward.Parameters.Where(parameter => parameter.IsTrainable)];
        var inputs = Parameters.ToDictionary(parameter => parameter, parameter => Value.Input(network.NameOf(parameter), parameter.Shape));
        var graph = GraphOf(forward, loss, rows, inputs);
        session = Lowering.SessionOf(graph, options);
        fed = Buffers(graph, inputs.Values);
        results = graph.Outputs.ToDictionary(output => output.Name, output => new TensorBuffer(ElementType.Float, output.Value.Shape));
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            data.Add(Buffers(graph, graph.Inputs.Except(inputs.Values)));
            Fill(data[^1], features, means, chunk * rows, rows);
            bindings.Add(session.Bind(data[^1].Concat(fed).ToDictionary(), results));
        }
    }

    /// <summary>What half the squares of the weights that are no biases are multiplied by.</summary>
    public double Penalty { get; set; }

    /// <summary>The weights, in the order of their numbers.</summary>
    public Value[] Parameters { get; }

    /// <summary>The numbers that each weight starts with.</summary>
    public double[][] Start() => [.. Parameters.Select(parameter =>
        Array.ConvertAll(parameter.Initializer!.Draw(parameter.Shape, default).Elements<float>().ToArray(), number => (double)number))];

    /// <summary>Says how much each sample counts from now on.</summary>
    public void Weigh(Func<int, float> weightOf)
    {
        for (var sample = 0; sample < samples; sample++)
            data[sample / rowsOfBuffer][Weights].Elements<float>()[sample % rowsOfBuffer] = weightOf(sample);
    }

    /// <summary>The sum of the samples' losses at a point, without the penalty.</summary>
    public double LossAt(double[] x) => Sum(x, new double[x.Length]);

    /// <summary>The value at a point; writes the gradient.</summary>
    public double At(double[] x, double[] gradient)
    {
        var sum = Sum(x, gradient);
        var start = 0;
        foreach (var parameter in Parameters)
            for (var end = start + (int)parameter.Shape.Length; start < end; start++)
            {
                // Biases go free.
                if (parameter.Shape.Rank > 1)
                {
                    sum += 0.5 * Penalty * x[start] * x[start];
                    gradient[start] += Penalty * x[start];
                }
                gradient[start] /= samples;
            }
        return sum / samples;
    }

    double Sum(double[] x, double[] gradient)
    {
        var start = 0;
        foreach (var buffer in fed.Values)
            foreach (ref var number in buffer.Elements<float>())
                number = (float)x[start++];
        Array.Clear(gradient);
        // Buffer by buffer in their order, in double: the bits do not depend on threads of ours.
        return bindings.Sum(binding => Add(binding, gradient));
    }

    // The first output is the loss, the others are the gradients in the order of the weights.
    double Add(Binding binding, double[] gradient)
    {
        binding.Run();
        var start = 0;
        foreach (var buffer in results.Values.Skip(1))
            foreach (var number in buffer.Elements<float>())
                gradient[start++] += number;
        return results[TrainingGraph.Loss].Elements<float>()[0];
    }

    static Graph GraphOf(Graph forward, CategoricalCrossEntropy loss, int rows, Dictionary<Value, Value> inputs)
    {
        var logits = forward[TrainingGraph.Logits];
        var (target, weights) = (Value.Input(TrainingGraph.Target, logits.Shape), Value.Input(Weights, [rows]));
        var cost = Op.ReduceSum(loss.OfSamples(logits, target) * weights, [], keep: false);
        var gradients = Gradients.Of(cost, [.. inputs.Keys]).Zip(inputs.Values, (gradient, input) => ($"{input.Name}.gradient", gradient));
        (string, Value)[] outputs = [(TrainingGraph.Loss, cost), .. gradients];
        return new Graph([.. forward.Inputs, target, weights, .. inputs.Values],
            outputs).Replace((Value value) => inputs.GetValueOrDefault(value));
    }

    static Dictionary<string, TensorBuffer> Buffers(Graph graph, IEnumerable<Value> inputs) =>
        inputs.ToDictionary(graph.NameOf, input => new TensorBuffer(ElementType.Float, input.Shape));

    static void Fill(Dictionary<string, TensorBuffer> own, FeatureTable features, float[] means, int start, int rows)
    {
        var x = own[TrainingGraph.Image].Elements<float>();
        var target = own[TrainingGraph.Target].Elements<float>();
        var weights = own[Weights].Elements<float>();
        for (var i = 0; i < Math.Min(rows, features.Count - start); i++)
        {
            var numbers = features.FeaturesOf(start + i);
            for (var j = 0; j < numbers.Length; j++)
                x[i * numbers.Length + j] = numbers[j] - means[j];
            target[i * features.Classes + features.ClassOf(start + i)] = 1;
            weights[i] = features.WeightOf(start + i);
        }
    }

    public void Dispose()
    {
        bindings.ForEach(binding => binding.Dispose());
        foreach (var buffer in data.Append(fed).Append(results).SelectMany(buffers => buffers.Values))
            buffer.Dispose();
        session.Dispose();
    }
}

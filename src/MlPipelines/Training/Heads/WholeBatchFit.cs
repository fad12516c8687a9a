using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Learns weighted sums by the loss of all samples at once, with its penalty, to the optimum.</summary>
/// <remarks>It learns from features less their means, which the biases, free of the penalty, make up for: the optimum is the same and found in fewer steps.</remarks>
sealed class WholeBatchFit(float penalty, float tolerance, int iterations) : IFeatureFit
{
    const int MostRows = 4096;
    const string Weights = "weights";

    public Graph Of(Graph network, FeatureTable features, CategoricalCrossEntropy loss, SessionSettings options, Action<string> warn, CancellationToken cancellation)
    {
        var chunks = (features.Count + MostRows - 1) / MostRows;
        var rows = (features.Count + chunks - 1) / chunks;
        var forward = TrainingGraph.LogitsOf(network).WithBatch(rows);
        var logits = forward[TrainingGraph.Logits];
        var (target, weights) = (Value.Input(TrainingGraph.Target, logits.Shape), Value.Input(Weights, [rows]));
        var cost = Op.ReduceSum(loss.OfSamples(logits, target) * weights, [], keep: false);
        var parameters = forward.Parameters.Where(parameter => parameter.IsTrainable).ToArray();
        var fed = parameters.ToDictionary(parameter => parameter, parameter => Value.Input(network.NameOf(parameter), parameter.Shape));
        var outputs = Gradients.Of(cost, parameters).Select((gradient, i) => (network.NameOf(parameters[i]) + ".gradient", gradient)).Prepend((TrainingGraph.Loss, cost)).ToArray();
        var graph = new Graph([.. forward.Inputs, target, weights, .. fed.Values], outputs).Replace((Value value) => fed.GetValueOrDefault(value));

        var means = Means(features);
        var (kernel, bias) = (Array.FindIndex(parameters, parameter => parameter.Shape.Rank > 1), Array.FindIndex(parameters, parameter => parameter.Shape.Rank == 1));
        using var session = Lowering.SessionOf(graph, options);
        var shared = graph.Inputs.Where(fed.Values.Contains).ToDictionary(graph.NameOf, input => new TensorBuffer(ElementType.Float, input.Shape));
        var results = graph.Outputs.ToDictionary(output => output.Name, output => new TensorBuffer(ElementType.Float, output.Value.Shape));
        var owned = new List<IDisposable>([.. shared.Values, .. results.Values]);
        try
        {
            var bindings = Enumerable.Range(0, chunks).Select(chunk =>
            {
                var own = graph.Inputs.Where(input => !fed.ContainsValue(input)).ToDictionary(graph.NameOf, input => new TensorBuffer(ElementType.Float, input.Shape));
                owned.InsertRange(0, own.Values);
                Fill(own, features, means, chunk * rows, rows);
                var binding = session.Bind(own.Concat(shared).ToDictionary(), results);
                owned.Insert(0, binding);
                return binding;
            }).ToArray();
            double[][] values = [.. parameters.Select(parameter => Array.ConvertAll(parameter.Initializer!.Draw(parameter.Shape, default).Elements<float>().ToArray(), number => (double)number))];
            Shift(values[kernel], values[bias], means, 1);
            var search = new Lbfgs(tolerance, iterations);
            var found = search.Minimum([.. values.SelectMany(numbers => numbers)], (x, gradient) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return Evaluate(x, gradient, parameters, bindings, [.. parameters.Select(parameter => shared[network.NameOf(parameter)])], results[TrainingGraph.Loss],
                    [.. parameters.Select(parameter => results[network.NameOf(parameter) + ".gradient"])], features.Count);
            });
            if (search.IsCut)
                warn($"LinearHead: the optimum was not reached in {iterations} iterations. Raise MaximumNumberOfIterations or L2Regularization.");
            var start = 0;
            foreach (var numbers in values)
            {
                found.AsSpan(start, numbers.Length).CopyTo(numbers);
                start += numbers.Length;
            }
            Shift(values[kernel], values[bias], means, -1);
            return network.WithParameters(parameter => Array.IndexOf(parameters, parameter) is >= 0 and var i ? Tensor.Of<float>(parameter.Shape, Array.ConvertAll(values[i], number => (float)number)) : null);
        }
        finally
        {
            owned.ForEach(each => each.Dispose());
        }
    }

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

    double Evaluate(double[] x, double[] gradient, Value[] parameters, Binding[] bindings, TensorBuffer[] fed, TensorBuffer loss, TensorBuffer[] gradients, int samples)
    {
        var start = 0;
        foreach (var buffer in fed)
            foreach (ref var number in buffer.Elements<float>())
                number = (float)x[start++];
        Array.Clear(gradient);
        var sum = 0.0;
        foreach (var binding in bindings)
        {
            binding.Run();
            sum += loss.Elements<float>()[0];
            start = 0;
            foreach (var buffer in gradients)
                foreach (var number in buffer.Elements<float>())
                    gradient[start++] += number;
        }
        start = 0;
        foreach (var parameter in parameters)
            for (var end = start + (int)parameter.Shape.Length; start < end; start++)
            {
                if (parameter.Shape.Rank > 1)
                {
                    sum += 0.5 * penalty * x[start] * x[start];
                    gradient[start] += penalty * x[start];
                }
                gradient[start] /= samples;
            }
        return sum / samples;
    }

    static float[] Means(FeatureTable features)
    {
        var sums = new double[features.FeaturesOf(0).Length];
        for (var sample = 0; sample < features.Count; sample++)
        {
            var numbers = features.FeaturesOf(sample);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += numbers[i];
        }
        return Array.ConvertAll(sums, sum => (float)(sum / features.Count));
    }

    static void Shift(double[] kernel, double[] bias, float[] means, int sign)
    {
        for (var unit = 0; unit < bias.Length; unit++)
            for (var i = 0; i < means.Length; i++)
                bias[unit] += sign * kernel[unit * means.Length + i] * means[i];
    }
}

using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class GoldenTrainingTests
{
    [Theory, MemberData(nameof(GoldenFile.LossNames), MemberType = typeof(GoldenFile))]
    public void Loss_agrees_with_PyTorch(string name)
    {
        var golden = GoldenFile.Loss(name);
        var labels = golden.Labels.ToTensor().Elements<long>();
        var classes = golden.Logits.Sizes[1];
        var target = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
            target[i * classes + labels[i]] = 1;
        var loss = new CategoricalCrossEntropy(golden.Smoothing,
            golden.ClassWeights is null ? [] : [.. golden.ClassWeights.ToTensor().Elements<float>()]);
        var logits = Value.Input("logits", golden.Logits.Sizes);
        var cost = loss.Of(logits, Value.Constant(Tensor.Of<float>(golden.Logits.Sizes, target)));
        var graph = new Graph([logits], ("loss", cost), ("gradient", MlPipelines.Autodiff.Gradients.Of(cost, [logits])[0]));
        using var session = new Session(OnnxFile.Write(graph));

        var results = session.Run(new Dictionary<string, Tensor> { ["logits"] = golden.Logits.ToTensor() });

        Assert.Equal(golden.MeanOverBatch.Loss, results[0].Elements<float>()[0], 1e-6 * (10 + Math.Abs(golden.MeanOverBatch.Loss)));
        Assert.InRange(golden.MeanOverBatch.Gradient.Difference(results[1].Elements<float>()), 0, 1e-5);
    }

    [Theory, MemberData(nameof(GoldenFile.TrajectoryNames), MemberType = typeof(GoldenFile))]
    public void Optimizer_follows_the_trajectory(string name)
    {
        var golden = GoldenFile.Trajectory(name);
        var rule = RuleOf(golden.Rule, golden.Hyperparameters.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));

        AssertFollows(rule, golden.Start, golden.Gradients, golden.Weights, 2e-6);
    }

    [Fact]
    public void Optimizers_give_the_known_scalars()
    {
        var golden = GoldenFile.Optimizers;
        foreach (var known in golden.Known)
        {
            var rule = RuleOf(known.Rule, known.Hyperparameters.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
            AssertFollows(rule, [golden.KnownStart], [.. golden.KnownGradients.Select(gradient => new[] { gradient })],
                [.. known.Weights.Select(weight => new[] { weight })], 3e-7);
        }
    }

    [Fact]
    public void A_small_network_learns_as_PyTorch_does()
    {
        var golden = GoldenFile.Network;
        var network = SmallNetwork(golden.Steps[0]);
        using var learner = new Learner(network, new Adam(LearningRate), new CategoricalCrossEntropy(), new());
        var step = learner.StepOf(golden.Images.Sizes[0]);
        golden.Images.ToTensor().Elements<float>().CopyTo(step.Image.Elements<float>());
        var labels = golden.Labels.ToTensor().Elements<long>();
        for (var i = 0; i < labels.Length; i++)
            step.Target.Elements<float>()[i * step.Target.Shape[1] + (int)labels[i]] = 1;

        foreach (var expected in golden.Steps.Skip(1))
        {
            learner.Run(step, LearningRate);

            Assert.Equal(expected.Loss, step.Loss, 1e-5);
            var state = learner.Snapshot();
            foreach (var (name, weights) in expected.Weights.Concat(expected.Moving))
                Assert.InRange(weights.Difference(state[name].Elements<float>()), 0, 2e-5);
        }
        var scoring = learner.ScoringOf(labels.Length);
        golden.Images.ToTensor().Elements<float>().CopyTo(scoring.Image.Elements<float>());
        scoring.Run();
        Assert.InRange(golden.InferenceLogits.Difference(scoring.Logits), 0, 1e-4);
    }

    const float LearningRate = 0.01f;

    internal static Graph SmallNetwork(NetworkStep start)
    {
        Value Weight(string name, bool trainable = true)
        {
            var golden = trainable ? start.Weights[name] : start.Moving[name];
            return Value.Parameter(name, golden.Sizes, Initializer.Fixed(golden.ToTensor()), trainable);
        }
        var image = Value.Input("image", [Shape.Unknown, 2, 8, 8]);
        var x = Op.Conv(image, Weight("conv.kernel"), sliding: new() { Pads = [1, 1, 1, 1] });
        x = Op.BatchNormalization(x, Weight("batch_norm.scale"), Weight("batch_norm.bias"), Weight("batch_norm.mean", false),
            Weight("batch_norm.variance", false), 1e-3f, 0.99f);
        x = Op.MaxPool(Op.Relu(x), [2, 2], new() { Strides = [2, 2] });
        x = Op.Relu(Op.Conv(x, Weight("depthwise.kernel"), Weight("depthwise.bias"), new() { Pads = [1, 1, 1, 1] }, group: 4));
        x = Op.Flatten(Op.GlobalAveragePool(x));
        return new Graph([image], ("Score", Op.Softmax(Op.Gemm(x, Weight("dense.kernel"), Weight("dense.bias"), transB: true), 1)));
    }

    static void AssertFollows((Optimizer Optimizer, LearningRateSchedule Schedule, int[]? Shape) rule, double[] start, double[][] gradients,
        double[][] weights, double tolerance)
    {
        var (optimizer, schedule, sizes) = rule;
        Shape shape = [.. sizes ?? [start.Length]];
        var (w, g) = (Value.Input("w", shape), Value.Input("g", shape));
        var slots = optimizer.SlotsOf(w.Shape).Select(slot => Value.Input(slot, w.Shape)).ToArray();
        var scalars = optimizer.Scalars.Select(name => Value.Input(name, Shape.Scalar)).ToArray();
        var next = optimizer.Update(w, g, slots, scalars);
        var graph = MlPipelines.Autodiff.Expansions.Expand(
            new Graph([w, g, .. slots, .. scalars], [.. next.Select((value, i) => ($"next{i}", value))]));
        using var session = new Session(OnnxFile.Write(graph));
        var state = slots.Select(slot => Tensor.Zeros(ElementType.Float, slot.Shape))
            .Prepend(Tensor.Of<float>(shape, [.. start.Select(number => (float)number)])).ToArray();
        for (var step = 0; step < gradients.Length; step++)
        {
            var rate = schedule.At(optimizer.LearningRate, new(step, 1, gradients.Length, []));
            var inputs = new Dictionary<string, Tensor>
            {
                ["w"] = state[0],
                ["g"] = Tensor.Of<float>(shape, [.. gradients[step].Select(number => (float)number)]),
            };
            for (var i = 0; i < slots.Length; i++)
                inputs[slots[i].Name] = state[i + 1];
            foreach (var (name, value) in optimizer.Scalars.Zip(optimizer.ScalarsAt(rate, step)))
                inputs[name] = Tensor.Scalar(value);
            state = session.Run(inputs.Where(pair => session.Inputs.Any(input => input.Name == pair.Key)).ToDictionary());
            foreach (var (expected, actual) in weights[step].Zip(state[0].Elements<float>().ToArray()))
                Assert.Equal(expected, actual, tolerance);
        }
    }

    static (Optimizer Optimizer, LearningRateSchedule Schedule, int[]? Shape) RuleOf(string rule, Dictionary<string, string> given)
    {
        float Number(string name) => given.TryGetValue(name, out var text) ? float.Parse(text) : 0;
        bool Flag(string name) => given.TryGetValue(name, out var text) && bool.Parse(text);
        var rate = Number("learning_rate");
        Optimizer optimizer = rule switch
        {
            "sgd" => new Sgd(rate, Number("momentum"), Flag("nesterov"), Number("weight_decay")),
            "rmsprop" => new RMSprop(rate, Number("rho"), Number("epsilon"), Flag("epsilon_inside_root")),
            "adam" when given.ContainsKey("weight_decay") =>
            new AdamW(rate, Number("weight_decay"), Number("beta1"), Number("beta2"), Number("epsilon")),
            "adam" => new Adam(rate, Number("beta1"), Number("beta2"), Number("epsilon")),
            "adadelta" => new Adadelta(rate, Number("rho"), Number("epsilon")),
            "muon" => new Muon(rate, Number("weight_decay"), Number("momentum"), Flag("nesterov")),
            _ => throw new ArgumentException($"rule: got '{rule}', needs sgd, rmsprop, adam, adadelta or muon.", nameof(rule)),
        };
        return (optimizer, given.ContainsKey("decay") ? new InverseTimeDecay(Number("decay")) : new ConstantRate(),
            given.TryGetValue("shape", out var shape) ? System.Text.Json.JsonSerializer.Deserialize<int[]>(shape) : null);
    }
}

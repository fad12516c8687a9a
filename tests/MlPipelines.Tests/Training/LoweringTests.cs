using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Execution;
using BatchNormalization = MlPipelines.Networks.BatchNormalization;

namespace MlPipelines.Tests.Training;

/// <summary>A training step by our kernels against the same step in ONNX's own operators.</summary>
[Trait("Category", "Runtime")]
public sealed class LoweringTests
{
    const int Batch = 5;

    public static TheoryData<Optimizer> Optimizers =>
    [
        new Sgd(0.1f, 0.9f, L2: 0.01f), new Sgd(0.1f, 0.9f, Nesterov: true), new RMSprop(0.01f),
        new RMSprop(0.01f, EpsilonInsideRoot: true, L2: 0.01f),
        new Adam(0.01f, L2: 0.01f), new AdamW(0.01f, WeightDecay: 0.1f), new Adadelta(L2: 0.01f), new Muon(0.01f),
    ];

    static readonly Sequential network = new(
        new Rescaling(1 / 127.5f, -1),
        new Conv2D(6, 3, Padding.Same, Activation.Relu), new DepthwiseConv2D(3, Padding.Same) { DepthMultiplier = 2 },
        new BatchNormalization(),
        Activation.Relu,
        new MaxPooling2D(3, 2, Padding.Same), new ZeroPadding2D(0, 1, 1, 0), new Conv2D(8, (3, 2), strides: 2) { Groups = 2 },
        new LeakyReLU(),
        new BatchNormalization(), Activation.Relu6,
        new SeparableConv2D(10, 3, Padding.Same, Activation.HardSwish), new AveragePooling2D(2, 1, Padding.Same), new Dropout(0.3f),
        new Residual([new Conv2D(10, 3, Padding.Same, useBias: false) { Dilation = 2 }, new BatchNormalization(), Activation.Tanh]),
        new Conv2D(7, 1, activation: Activation.Elu), new Conv2D(7, 1, activation: Activation.Relu6), new GlobalAveragePooling2D(),
        new Dense(9, Activation.Sigmoid), new BatchNormalization(), new Dense(3, Activation.Softmax));

    static TrainingGraph Step(Optimizer optimizer) =>
        TrainingGraph.Of(network.Build(12, 11, 3).Initialize(6), Batch, optimizer, new(LabelSmoothing: 0.1f, ClassWeights: [1, 2, 0.5f]));

    [Theory, MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true)]
    public void A_step_by_kernels_gives_the_loss_and_the_weights_of_plain_operators(Optimizer optimizer)
    {
        var step = Step(optimizer);
        var inputs = Inputs(step, optimizer);
        using var kernels = Lowering.SessionOf(step.Graph, new());
        using var plain = new Session(OnnxFile.Write(Expansions.Expand(step.Graph)));
        var (actual, expected) = (Run(kernels, inputs), Run(plain, inputs));

        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.InRange(expected[TrainingGraph.Loss].Elements<float>()[0], 0.1f, 10);
        AssertNear(expected, actual, 1e-5);
        Assert.All(step.States.Where(state => state.Parameter is { IsTrainable: true }), state =>
            Assert.NotEqual(inputs[state.Name].Elements<float>().ToArray(), actual[state.Next].Elements<float>().ToArray()));
    }

    [Theory, MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true), Trait("Category", "Gpu")]
    public void A_step_on_an_Nvidia_processor_gives_them_too(Optimizer optimizer)
    {
        NvidiaProcessor.SkipWhereThereIsNone();
        var step = Step(optimizer);
        var inputs = Inputs(step, optimizer);
        using var there = Lowering.SessionOf(step.Graph, new() { Device = NvidiaProcessor.Device });
        using var here = Lowering.SessionOf(step.Graph, new());
        AssertNear(Run(here, inputs), Run(there, inputs), NvidiaProcessor.Tolerance);
    }

    static void AssertNear(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual, double tolerance)
    {
        foreach (var (name, tensor) in expected)
            foreach (var (one, other) in tensor.Elements<float>().ToArray().Zip(actual[name].Elements<float>().ToArray()))
                Assert.True(Math.Abs(one - other) <= tolerance * (1 + Math.Abs(one)), $"{name}: {one} expected, got {other}");
    }

    [Fact]
    public void The_step_meets_every_kernel_that_training_has()
    {
        var met = Optimizers.SelectMany(row => Step(row.Data).Graph.Nodes).Where(node => node.Operator.Domain == Operator.OwnDomain)
            .Select(node => node.Operator.Type).Append("DirectConv").ToHashSet();
        Assert.Empty(KernelOperators.All.Select(kernel => kernel.Name).Except(met));
    }

    static Dictionary<string, Tensor> Inputs(TrainingGraph step, Optimizer optimizer)
    {
        var dice = Dice.For(12);
        var starts = step.States.ToDictionary(state => state.Name);
        var scalars = optimizer.Scalars.Zip(optimizer.ScalarsAt(optimizer.LearningRate, 3))
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var masks = step.Masks.ToDictionary(mask => mask.Name);
        var inputs = new Dictionary<string, Tensor>();
        foreach (var input in step.Graph.Inputs)
        {
            var name = step.Graph.NameOf(input);
            var values = new float[input.Shape.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = scalars.TryGetValue(name, out var scalar) ? scalar
                    : masks.TryGetValue(name, out var mask) ? dice.Chance(mask.Rate) ? 0 : 1 / (1 - mask.Rate)
                    : name == TrainingGraph.Image ? (float)dice.Uniform(0, 255)
                    : name == TrainingGraph.Target ? (i % 3 == i / 3 % 3 ? 1 : 0)
                    : starts[name].Parameter is null ? (float)dice.Uniform(0.01, 0.02)
                    : starts[name].Start.Elements<float>()[i];
            inputs[name] = Tensor.Of<float>(input.Shape, values);
        }
        return inputs;
    }

    static Dictionary<string, Tensor> Run(Session session, Dictionary<string, Tensor> inputs)
    {
        var given = session.Inputs.ToDictionary(input => input.Name, input => inputs[input.Name]);
        return session.Outputs.Zip(session.Run(given)).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }
}

using MlPipelines.Graphs;
using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>DirectConv (X, W, B?; activation) → Y · FixedConv (X, B?; activation, weights: which) → Y · ConvInputGradient (dY, W;
/// input_shape) → dX · ConvWeightGradient (X, dY; kernel_shape) → dW; attributes otherwise as ONNX's Conv.</summary>
static class ConvolutionOperators
{
    public static IReadOnlyList<CustomOperator> All { get; } =
    [
        new KernelOperator(nameof(Op.DirectConv), 3, 1, Forward, optional: 1),
        new KernelOperator(nameof(Op.ConvInputGradient), 2, 1, InputGradient),
        new KernelOperator(nameof(Op.ConvWeightGradient), 2, 1, WeightGradient),
    ];

    /// <summary>The operator whose weights are these.</summary>
    public static CustomOperator Fixed(IReadOnlyList<KeptWeights> weights) => new KernelOperator(nameof(Op.FixedConv), 2, 1,
        attributes => Fixed(attributes, weights[(int)attributes.Int("weights")]), optional: 1);

    static Computation Forward(KernelAttributes attributes)
    {
        var (frame, groups, relu) = (WindowFrame.Of(attributes), (int)attributes.Int("group", 1), IsRelu(attributes));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var (x, w) = (context.Shape(0), context.Shape(1));
            var shape = Checked(new(x[0], x[1], new(x[2], x[3]), w[0], groups, frame.Window(w[2], w[3])), w[1]);
            var epilogue = new Epilogue(context.Has(2) ? context.InputMemory<float>(2) : default, relu);
            var buffers = new ConvBuffers(shape.Batch, context.InputMemory<float>(0), context.InputMemory<float>(1), epilogue,
                context.OutputMemory<float>(0, x[0], w[0], shape.OutHeight, shape.OutWidth));
            Convolution.Run(shape, buffers, parallel, WideRegisters.AreSupported);
        };
    }

    static Computation Fixed(KernelAttributes attributes, KeptWeights weights)
    {
        var (frame, groups, relu) = (WindowFrame.Of(attributes), (int)attributes.Int("group", 1), IsRelu(attributes));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var (x, w) = (context.Shape(0), weights.Shape);
            var shape = Checked(new(x[0], x[1], new(x[2], x[3]), w[0], groups, frame.Window(w[2], w[3])), w[1]);
            var epilogue = new Epilogue(context.Has(1) ? context.InputMemory<float>(1) : default, relu);
            var buffers = new ConvBuffers(shape.Batch, context.InputMemory<float>(0), default, epilogue,
                context.OutputMemory<float>(0, x[0], w[0], shape.OutHeight, shape.OutWidth))
            {
                Kept = weights,
            };
            Convolution.Run(shape, buffers, parallel, WideRegisters.AreSupported);
        };
    }

    static bool IsRelu(KernelAttributes attributes) => attributes.Text("activation", "") switch
    {
        "" => false,
        nameof(Op.Relu) => true,
        var other => throw new ArgumentException($"convolution: activation is '{other}', needs '' or 'Relu'."),
    };

    static Computation InputGradient(KernelAttributes attributes)
    {
        var (frame, groups, input) = (WindowFrame.Of(attributes), (int)attributes.Int("group", 1), attributes.Ints("input_shape"));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var (dy, w) = (context.Shape(0), context.Shape(1));
            var size = new PlaneSize((int)input[1], (int)input[2]);
            var shape = Checked(new(dy[0], (int)input[0], size, w[0], groups, frame.Window(w[2], w[3])), w[1], dy);
            ConvInputGradient.Run(shape, context.InputMemory<float>(0), context.InputMemory<float>(1),
                context.OutputMemory<float>(0, dy[0], input[0], input[1], input[2]), parallel, WideRegisters.AreSupported);
        };
    }

    static Computation WeightGradient(KernelAttributes attributes)
    {
        var (frame, groups, kernel) = (WindowFrame.Of(attributes), (int)attributes.Int("group", 1), attributes.Ints("kernel_shape"));
        return (in KernelContext context, ParallelFor parallel) =>
        {
            var (x, dy) = (context.Shape(0), context.Shape(1));
            var window = frame.Window((int)kernel[0], (int)kernel[1]);
            var shape = Checked(new(x[0], x[1], new(x[2], x[3]), dy[1], groups, window), x[1] / groups, dy);
            ConvWeightGradient.Run(shape, context.InputMemory<float>(0), context.InputMemory<float>(1),
                context.OutputMemory<float>(0, dy[1], x[1] / groups, kernel[0], kernel[1]), parallel, WideRegisters.AreSupported);
        };
    }

    /// <exception cref="ArgumentException">Channels, filters, groups, window and output do not fit together.</exception>
    static ConvShape Checked(ConvShape shape, int groupChannels, Extents? output = null)
    {
        if (shape.Channels != groupChannels * shape.Groups || shape.Filters % shape.Groups != 0)
            throw new ArgumentException($"convolution: got {shape.Channels} channels and {shape.Filters} filters in {shape.Groups} groups "
                + $"with weights for {groupChannels} channels, needs channels = groups · the weights' channels and filters divisible by "
                + "groups.");
        if (shape.OutHeight < 1 || shape.OutWidth < 1)
            throw new ArgumentException($"convolution: the window {shape.Window} does not fit into {shape.Height}×{shape.Width}, needs a "
                + "smaller kernel or more padding.");
        if (output is { } y && (y[0] != shape.Batch || y[1] != shape.Filters || y[2] != shape.OutHeight || y[3] != shape.OutWidth))
            throw new ArgumentException($"convolution: got a gradient of {y[0]}×{y[1]}×{y[2]}×{y[3]}, "
                + $"needs {shape.Batch}×{shape.Filters}×{shape.OutHeight}×{shape.OutWidth}.");
        return shape;
    }
}

using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Native;
using MlPipelines.Tensors;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests.Native;

[Trait("Category", "Runtime")]
public unsafe class CustomOperatorTests
{
    static readonly float[] Numbers = [.. Enumerable.Range(0, 30_000).Select(i => i * 0.5f - 7)];

    [Fact]
    public void A_kernel_in_c_sharp_computes_in_parallel_with_its_attributes()
    {
        using var session = Make(new AttributeProto { Name = "factor", Type = AttributeProto.Types.AttributeType.Float, F = 3 });
        var y = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of([10_000, 3], Numbers) })[0];
        Assert.True(y.Shape == [10_000, 3]);
        Assert.Equal(Numbers.Select(x => x * 3 + 1), y.Elements<float>().ToArray());
    }

    [Fact]
    public void A_missing_attribute_takes_the_fallback()
    {
        using var session = Make();
        var y = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [1, 2, 3]) })[0];
        Assert.Equal([3f, 5, 7], y.Elements<float>().ToArray());
    }

    [Fact]
    public void An_attribute_of_another_type_fails_when_the_session_is_made()
    {
        var error = Assert.Throws<NativeException>(() =>
            Make(new AttributeProto { Name = "factor", Type = AttributeProto.Types.AttributeType.Int, I = 3 }));
        Assert.Contains("factor", error.Message);
    }

    [Fact]
    public void All_kinds_of_attributes_arrive()
    {
        var recorder = new Scale();
        AttributeProto ints = new() { Name = "ints", Type = AttributeProto.Types.AttributeType.Ints };
        ints.Ints.Add([4, -5]);
        AttributeProto floats = new() { Name = "floats", Type = AttributeProto.Types.AttributeType.Floats };
        floats.Floats.Add([0.5f, -2f]);
        using var session = MakeWith(recorder, ints, floats,
            new() { Name = "int", Type = AttributeProto.Types.AttributeType.Int, I = long.MinValue },
            new() { Name = "text", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8("grüß dich") });
        Assert.Equal("4,-5|0.5,-2|-9223372036854775808|grüß dich", recorder.Seen);
    }

    [Fact]
    public void An_exception_inside_a_kernel_ends_the_run_with_its_message()
    {
        using var session = Make();
        var error = Assert.Throws<NativeException>(() =>
            session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [1, float.NaN, 3]) }));
        Assert.Contains("row 0 holds no number", error.Message);
        Assert.Single(session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [1, 2, 3]) }));
    }

    [Fact]
    public void What_the_runtime_says_of_it_reaches_the_listener()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<RuntimeMessage>();
        OnnxRuntime.Logged += heard.Enqueue;
        try
        {
            using var session = Make();
            Assert.Throws<NativeException>(() =>
                session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [float.NaN, 2, 3]) }));
        }
        finally
        {
            OnnxRuntime.Logged -= heard.Enqueue;
        }
        Assert.Contains(heard, message => message.Severity == RuntimeSeverity.Error && message.Text.Contains("row 0 holds no number"));
    }

    [Fact]
    public void A_batch_of_none_runs()
    {
        using var session = Make();
        Assert.True(session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Zeros(ElementType.Float, [0, 3]) })[0].Shape == [0, 3]);
    }

    [Fact]
    public void A_parallel_loop_runs_on_the_session_s_threads()
    {
        Pause.Threads.Clear();
        using var session = new Session(
            Models.Of([Models.Node("Pause", ["x"], ["y"], "mlpipelines")], ["x"], ["y"], 1),
            new SessionSettings { Operators = [new Pause()], IntraOpThreads = 4 });
        session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Vector(1f) });
        Assert.Equal(40, Pause.Threads.Values.Sum());
        Assert.InRange(Pause.Threads.Count, 2, 4);
    }

    [Fact]
    public void An_unknown_operator_is_named()
    {
        var error = Assert.Throws<NativeException>(() => new Session(Model()));
        Assert.Contains("Scale", error.Message);
    }

    [Fact]
    public void A_parallel_loop_allocates_nothing()
    {
        var operation = new Scale();
        using var session = MakeWith(operation);
        using var x = TensorBuffer.Of(Tensor.Of([10_000, 3], Numbers));
        using var y = new TensorBuffer(ElementType.Float, [10_000, 3]);
        using var binding =
            session.Bind(new Dictionary<string, TensorBuffer> { ["x"] = x }, new Dictionary<string, TensorBuffer> { ["y"] = y });
        for (var i = 0; i < 50; i++)
            binding.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
            binding.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    static byte[] Model(params AttributeProto[] attributes) =>
        Models.Of([Models.Node("Scale", ["x"], ["y"], "mlpipelines", attributes)], ["x"], ["y"], "N", 3);

    static Session Make(params AttributeProto[] attributes) => MakeWith(new Scale(), attributes);

    static Session MakeWith(Scale operation, params AttributeProto[] attributes) =>
        new(Model(attributes), new SessionSettings { Operators = [operation], IntraOpThreads = 4 });

    /// <summary>y = factor · x + 1, a row at a time; refuses what is no number.</summary>
    sealed class Scale : CustomOperator
    {
        internal string Seen { get; private set; } = "";
        internal override string Name => "Scale";
        internal override IReadOnlyList<ElementType> Inputs => [ElementType.Float];
        internal override IReadOnlyList<ElementType> Outputs => [ElementType.Float];

        internal override CustomKernel CreateKernel(KernelAttributes attributes)
        {
            Seen =
                $"{string.Join(',', attributes.Ints("ints", []))}|{string.Join(',', attributes.Floats("floats", []))}|"
                    + $"{attributes.Int("int", 0)}|{attributes.Text("text", "")}";
            return new Kernel(attributes.Float("factor", 2));
        }

        sealed class Kernel(float factor) : CustomKernel
        {
            internal override void Compute(in KernelContext context)
            {
                var shape = context.Shape(0);
                var rows = new Rows(context.Input<float>(0), context.Output<float>(0, shape.AsSpan()), shape[1], factor);
                context.ParallelFor(shape[0], rows);
            }
        }

        readonly struct Rows(float* x, float* y, int width, float factor) : IParallelBody
        {
            public void Run(int index)
            {
                for (var i = index * width; i < (index + 1) * width; i++)
                    y[i] = float.IsNaN(x[i]) ? throw new InvalidDataException($"row {index} holds no number") : x[i] * factor + 1;
            }
        }
    }

    /// <summary>Notes the threads that took part in a loop of 40.</summary>
    sealed class Pause : CustomOperator
    {
        internal static System.Collections.Concurrent.ConcurrentDictionary<int, int> Threads { get; } = new();
        internal override string Name => "Pause";
        internal override IReadOnlyList<ElementType> Inputs => [ElementType.Float];
        internal override IReadOnlyList<ElementType> Outputs => [ElementType.Float];
        internal override CustomKernel CreateKernel(KernelAttributes attributes) => new Kernel();

        sealed class Kernel : CustomKernel
        {
            internal override void Compute(in KernelContext context)
            {
                context.ParallelFor(40, new Nap());
                context.OutputSpan<float>(0, 1)[0] = context.InputSpan<float>(0)[0];
            }
        }

        struct Nap : IParallelBody
        {
            public readonly void Run(int index)
            {
                Thread.Sleep(1);
                Threads.AddOrUpdate(Environment.CurrentManagedThreadId, 1, (_, count) => count + 1);
            }
        }
    }
}

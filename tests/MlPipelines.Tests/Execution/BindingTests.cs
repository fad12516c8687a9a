using MlPipelines.Execution;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution;

[Trait("Category", "Runtime")]
public class BindingTests
{
    [Fact]
    public void Two_bindings_pass_the_state_to_and_fro()
    {
        using var session = new Session(Models.Doubling());
        using var a = TensorBuffer.Of(Tensor.Of<float>([1, 3], [1, 2, 3]));
        using var b = new TensorBuffer(ElementType.Float, [1, 3]);
        using var forth = Bind(session, a, b);
        using var back = Bind(session, b, a);
        for (var i = 0; i < 5; i++)
        {
            forth.Run();
            back.Run();
        }
        Assert.Equal([1024f, 2048, 3072], a.ToTensor().Elements<float>().ToArray());
        Assert.Equal([512f, 1024, 1536], b.Elements<float>().ToArray());
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var session = new Session(Models.Doubling());
        using var a = new TensorBuffer(ElementType.Float, [1, 3]);
        using var b = new TensorBuffer(ElementType.Float, [1, 3]);
        using var binding = Bind(session, a, b);
        binding.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            binding.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_buffer_of_the_wrong_shape_is_reported_in_the_runtime_s_words()
    {
        using var session = new Session(Models.Doubling());
        using var a = new TensorBuffer(ElementType.Float, [1, 3]);
        using var b = new TensorBuffer(ElementType.Float, [2, 3]);
        using var binding = Bind(session, a, b);
        Assert.Contains("shape", Assert.Throws<NativeException>(() => binding.Run()).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Unknown_names_are_refused()
    {
        using var session = new Session(Models.Doubling());
        using var a = new TensorBuffer(ElementType.Float, [1, 3]);
        Assert.Throws<ArgumentException>(() =>
            session.Bind(new Dictionary<string, TensorBuffer> { ["z"] = a }, new Dictionary<string, TensorBuffer>()));
    }

    [Fact]
    public void A_binding_keeps_its_session_and_buffers_until_it_is_disposed_of_itself()
    {
        var session = new Session(Models.Doubling());
        var a = new TensorBuffer(ElementType.Float, [1, 3]);
        var b = new TensorBuffer(ElementType.Float, [1, 3]);
        var binding = Bind(session, a, b);
        a.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => a.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => Bind(session, b, b));
        b.Elements<float>().Fill(1);
        binding.Run();
        Assert.Equal([0f, 0, 0], b.Elements<float>().ToArray());
        binding.Dispose();
        binding.Dispose();
        b.Dispose();
        Assert.Throws<ObjectDisposedException>(() => binding.Run());
    }

    [Fact]
    public void Buffers_are_aligned_zeroed_and_checked()
    {
        using var buffer = new TensorBuffer(ElementType.Float, [7]);
        Assert.Equal(0, buffer.Memory.DangerousGetHandle() % 64);
        Assert.All(buffer.Elements<float>().ToArray(), element => Assert.Equal(0, element));
        Assert.Throws<InvalidOperationException>(() => buffer.Elements<int>().Length);
        Assert.Throws<ArgumentException>(() => buffer.CopyFrom(Tensor.Vector(1f)));
        buffer.CopyFrom(Tensor.Vector(1f, 2, 3, 4, 5, 6, 7));
        Assert.Equal(7, buffer.Elements<float>()[6]);
    }

    static Binding Bind(Session session, TensorBuffer x, TensorBuffer y) =>
        session.Bind(new Dictionary<string, TensorBuffer> { ["x"] = x }, new Dictionary<string, TensorBuffer> { ["y"] = y });
}

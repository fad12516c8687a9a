using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution;

[Trait("Category", "Runtime")]
public class SessionTests
{
    static Dictionary<string, Tensor> X(Tensor tensor) => new() { ["x"] = tensor };
    static Dictionary<string, Tensor> Ones { get; } = X(Tensor.Of<float>([2, 3], [1, 2, 3, 4, 5, 6]));

    [Fact]
    public void A_run_computes_and_keeps_the_shape()
    {
        using var session = new Session(Models.Doubling());
        var y = Assert.Single(session.Run(Ones));
        Assert.Equal([2f, 4, 6, 8, 10, 12], y.Elements<float>().ToArray());
        Assert.True(y.Shape == [2, 3]);
    }

    [Fact]
    public void Inputs_and_outputs_are_described_with_unknown_axes()
    {
        using var session = new Session(Models.Doubling());
        Assert.Equal(new SessionValue("x", ElementType.Float, [Shape.Unknown, 3]), Assert.Single(session.Inputs));
        Assert.Equal("y", Assert.Single(session.Outputs).Name);
    }

    [Fact]
    public void Outputs_come_in_the_order_asked_for()
    {
        using var session =
            new Session(Models.Of([Models.Node("Neg", ["x"], ["a"]), Models.Node("Add", ["x", "x"], ["b"])], ["x"], ["a", "b"], 1));
        var outputs = session.Run(X(Tensor.Vector(5f)), "b", "a");
        Assert.Equal([10f, -5f], outputs.Select(output => output.Elements<float>()[0]));
    }

    [Fact]
    public void Metadata_is_read_as_utf_8()
    {
        using var session = new Session(Models.Doubling());
        Assert.Equal("RGB", session.Metadata["colours"]);
        Assert.Equal("[\"Schäfer\"]", session.Metadata["labels"]);
        Assert.Equal(2, session.Metadata.Count);
    }

    [Fact]
    public void A_batch_of_none_runs()
    {
        using var session = new Session(Models.Doubling());
        Assert.True(session.Run(X(Tensor.Zeros(ElementType.Float, [0, 3])))[0].Shape == [0, 3]);
    }

    [Fact]
    public void A_wrong_shape_is_reported_in_the_runtime_s_words()
    {
        using var session = new Session(Models.Doubling());
        var error = Assert.Throws<NativeException>(() => session.Run(X(Tensor.Zeros(ElementType.Float, [2, 4]))));
        Assert.Contains("invalid dimensions", error.Message);
        Assert.Contains("Got: 4 Expected: 3", error.Message);
        Assert.NotEqual(0, error.Code);
    }

    [Fact]
    public void A_node_that_fails_is_named_without_places_in_the_runtime_s_source()
    {
        var x = Value.Input("x", [-1, -1]);
        using var session = new Session(OnnxFile.Write(new Graph([x], ("y", Op.Apply("Reshape", [x, Op.Ints(2, -1)], name: "halved")))));
        var message = Assert.Throws<NativeException>(() => session.Run(X(Tensor.Zeros(ElementType.Float, [3, 3])))).Message;
        Assert.StartsWith("Session.Run: halved (Reshape): ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("onnxruntime_src", message, StringComparison.Ordinal);
        Assert.DoesNotContain("::", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_type_is_reported_in_the_runtime_s_words()
    {
        using var session = new Session(Models.Doubling());
        var error = Assert.Throws<NativeException>(() => session.Run(X(Tensor.Zeros(ElementType.Double, [2, 3]))));
        Assert.Contains("Unexpected input data type", error.Message);
    }

    [Fact]
    public void A_missing_input_is_reported_in_the_runtime_s_words()
    {
        using var session = new Session(Models.Doubling());
        var error = Assert.Throws<NativeException>(() => session.Run(new Dictionary<string, Tensor>()));
        Assert.StartsWith("Session.Run: ", error.Message);
        Assert.Contains("x", error.Message["Session.Run: ".Length..]);
    }

    [Fact]
    public void Wrong_names_are_reported_with_the_names_there_are()
    {
        using var session = new Session(Models.Doubling());
        Assert.Contains("got 'z', which is no input of the model, needs one of x",
            Assert.Throws<ArgumentException>(() => session.Run(new Dictionary<string, Tensor> { ["z"] = Ones["x"] })).Message);
        Assert.Contains("got 'z', which is no output of the model, needs one of y",
            Assert.Throws<ArgumentException>(() => session.Run(Ones, "z")).Message);
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        Assert.Contains("Protobuf", Assert.Throws<NativeException>(() => new Session(new byte[] { 1, 2, 3, 250 })).Message,
            StringComparison.OrdinalIgnoreCase);
        var half = Models.Doubling();
        Assert.ThrowsAny<NativeException>(() => new Session(half.AsMemory(0, half.Length / 2)));
        Assert.ThrowsAny<NativeException>(() => new Session(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void A_file_cut_short_is_refused_by_its_path_and_a_missing_one_too()
    {
        var path = Path.Combine(Path.GetTempPath(), $"größe-{Guid.NewGuid():N}.onnx");
        Assert.StartsWith(path, Assert.Throws<FileNotFoundException>(() => Session.Load(path)).Message);
        try
        {
            File.WriteAllBytes(path, Models.Doubling());
            using (var session = Session.Load(path))
                Assert.Equal(2f, session.Run(Ones)[0].Elements<float>()[0]);
            File.WriteAllBytes(path, Models.Doubling()[..^30]);
            Assert.StartsWith(path, Assert.Throws<NativeException>(() => Session.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Disposing_twice_is_fine_and_running_afterwards_is_an_error()
    {
        var session = new Session(Models.Doubling());
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(Ones));
    }

    [Fact]
    public void Several_threads_run_one_session()
    {
        using var session = new Session(Models.Doubling());
        Parallel.For(0, 200, i =>
        {
            var y = session.Run(X(Tensor.Of<float>([1, 3], [i, i, i])))[0];
            Assert.Equal(2f * i, y.Elements<float>()[2]);
        });
    }

    [Fact]
    public void Disposing_during_runs_waits_for_them()
    {
        for (var round = 0; round < 20; round++)
        {
            var session = new Session(Models.Of([Models.Node("MatMul", ["x", "x"], ["y"])], ["x"], ["y"], 64, 64));
            using var started = new CountdownEvent(4);
            var runs = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                started.Signal();
                while (true)
                    Assert.Equal(64 * 64, session.Run(X(Tensor.Zeros(ElementType.Float, [64, 64])))[0].Shape.Length);
            }, TestContext.Current.CancellationToken)).ToArray();
            started.Wait(TestContext.Current.CancellationToken);
            session.Dispose();
            foreach (var run in runs)
                Assert.IsType<ObjectDisposedException>(Assert.Throws<AggregateException>(run.Wait).InnerException);
        }
    }

    [Fact]
    public void A_cancelled_token_ends_a_run_before_it_is_done()
    {
        var chain = Enumerable.Range(0, 4000)
            .Select(i => Models.Node("MatMul", [i == 0 ? "x" : $"v{i}", "x"], [i == 3999 ? "y" : $"v{i + 1}"])).ToArray();
        using var session = new Session(Models.Of(chain, ["x"], ["y"], 300, 300), new SessionSettings { IntraOpThreads = 1 });
        using var source = new CancellationTokenSource();
        // A thread of its own: the pool's may all be busy with other tests.
        var canceller = new Thread(() =>
        {
            Thread.Sleep(30);
            source.Cancel();
        });
        canceller.Start();
        Assert.Throws<OperationCanceledException>(() => session.Run(X(Tensor.Zeros(ElementType.Float, [300, 300])), source.Token));
        Assert.Throws<OperationCanceledException>(() => session.Run(X(Tensor.Zeros(ElementType.Float, [300, 300])), source.Token));
        canceller.Join();
    }
}

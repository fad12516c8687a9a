using MlPipelines.Execution;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution;

public class DeviceTests
{
    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData(" CUDA ", "cuda")]
    [InlineData("cuda:2", "cuda:2")]
    [InlineData("WebGPU", "webgpu")]
    [InlineData("directml:1", "directml:1")]
    [InlineData("coreml", "coreml")]
    public void Devices_are_read_from_text(string text, string shown) => Assert.Equal(shown, Device.Parse(text).ToString());

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cpu:1")]
    [InlineData("")]
    public void Other_text_is_refused_with_the_choices(string text) =>
        Assert.Contains($"got '{text}', needs one of cpu, cuda", Assert.Throws<FormatException>(() => Device.Parse(text)).Message);

    [Fact]
    public void Devices_are_equal_by_kind_and_number()
    {
        Assert.Equal(Device.Cuda(1), Device.Parse("cuda:1"));
        Assert.NotEqual(Device.Cuda(1), Device.Cuda(0));
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_device_that_the_library_lacks_is_an_error_that_names_what_it_has_and_where_it_lies()
    {
        var missing = new[] { Device.DirectML(), Device.CoreML }.First(device => !device.IsAvailable);
        var error = Assert.Throws<NativeException>(() => new Session(Models.Doubling(), new SessionSettings { Device = missing }));
        Assert.StartsWith($"Device {missing}: ", error.Message);
        Assert.Contains("CPUExecutionProvider", error.Message);
        Assert.Contains(OnnxRuntime.Location, error.Message);
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_device_that_cannot_start_is_an_error_that_carries_the_runtime_s_words()
    {
        if (!Device.Cuda().IsAvailable)
            Assert.Skip("This ONNX Runtime does not know CUDA.");
        var error = Assert.Throws<NativeException>(() => new Session(Models.Doubling(), new SessionSettings { Device = Device.Cuda(99) }));
        Assert.StartsWith("Device cuda:99: ", error.Message);
        Assert.Contains(OnnxRuntime.Location, error.Message);
        Assert.IsType<NativeException>(error.InnerException);
    }

    [Theory, Trait("Category", "Runtime")]
    [InlineData(GraphOptimization.None, true, true, false)]
    [InlineData(GraphOptimization.Basic, false, true, true)]
    [InlineData(GraphOptimization.Extended, true, false, true)]
    public void Options_do_not_change_the_result(GraphOptimization optimization, bool pattern, bool spinning, bool flush)
    {
        using var session = new Session(Models.Doubling(), new SessionSettings
        {
            Optimization = optimization,
            MemoryPattern = pattern,
            Spinning = spinning,
            FlushDenormals = flush,
            IntraOpThreads = 2,
        });
        Assert.Equal([2f, 4, 6],
            session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [1, 2, 3]) })[0].Elements<float>().ToArray());
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_profile_is_written_where_its_prefix_says()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using (var session = new Session(Models.Doubling(),
                new SessionSettings { ProfilePrefix = Path.Combine(folder.FullName, "profile") }))
                session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [1, 2, 3]) });
            var file = Assert.Single(folder.GetFiles("profile*"));
            Assert.Contains("\"Add\"", File.ReadAllText(file.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void No_threads_at_all_are_refused() =>
    Assert.Throws<ArgumentOutOfRangeException>(() => new SessionSettings { IntraOpThreads = 0 });
}

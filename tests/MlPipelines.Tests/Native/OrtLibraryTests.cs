using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using MlPipelines.Execution;
using MlPipelines.Native;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests.Native;

[Trait("Category", "Runtime")]
public class OrtLibraryTests
{
    [Fact]
    public void Version_is_a_version() => Assert.Matches(new Regex(@"^1\.\d+\.\d+$"), OnnxRuntime.Version);

    [Fact]
    public void Providers_hold_the_processor() => Assert.Contains("CPUExecutionProvider", OnnxRuntime.Providers);

    [Fact]
    public void Custom_operators_and_the_managed_package_share_one_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has mapped is a file on Linux only.");
        using var session = new InferenceSession(Models.Doubling());
        Assert.NotEqual(0, OrtEnvironment.Current.Library.Entry);
        Assert.True(File.Exists(OnnxRuntime.Location), OnnxRuntime.Location);
        Assert.Equal(OnnxRuntime.Location, Assert.Single(Mapped("libonnxruntime.so")));
    }

    [Fact]
    public void The_environment_is_the_managed_package_s_own()
    {
        Assert.NotNull(OrtEnvironment.Current);
        Assert.True(OrtEnv.IsCreated);
        var options = new EnvironmentCreationOptions();
        Assert.Throws<OnnxRuntimeException>(() => OrtEnv.CreateInstanceWithOptions(ref options));
        Assert.Equal(OnnxRuntime.Version, OrtEnv.Instance().GetVersionString());
    }

    [Fact]
    public void Libvips_is_mapped_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has mapped is a file on Linux only.");
        Assert.Matches(new Regex(@"^8\.\d+\.\d+$"), MlPipelines.Imaging.Image.LibraryVersion);
        Assert.Single(Mapped("libvips"));
    }

    [Fact]
    public unsafe void A_status_becomes_an_exception_with_code_and_text()
    {
        var api = OrtFunctions.Current;
        nint status;
        fixed (byte* text = "Größe passt nicht\0"u8)
            status = api.CreateStatus(9, text);
        var failure = Assert.Throws<NativeException>(() => api.Check(status, "here"));
        Assert.Equal(9, failure.Code);
        Assert.Equal("here: Größe passt nicht", failure.Message);
    }

    [Fact]
    public void What_the_managed_package_throws_becomes_the_same()
    {
        var error = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession("/nowhere/größe.onnx"));
        var failure = NativeException.From(error, "here");
        Assert.Equal(3, failure.Code);
        Assert.StartsWith("here: Load model from /nowhere/größe.onnx failed", failure.Message);
    }

    static IEnumerable<string> Mapped(string name) => File.ReadLines("/proc/self/maps")
        .Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var start ? line[start..] : "")
        .Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)).Distinct();
}

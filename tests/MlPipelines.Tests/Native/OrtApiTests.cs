using System.Text.RegularExpressions;
using MlPipelines.Execution;
using MlPipelines.Native;

namespace MlPipelines.Tests.Native;

[Trait("Category", "Runtime")]
public class OrtApiTests
{
    [Fact]
    public void Version_is_a_version() => Assert.Matches(new Regex(@"^1\.\d+\.\d+$"), OnnxRuntime.Version);

    [Fact]
    public void Providers_hold_the_processor() => Assert.Contains("CPUExecutionProvider", OnnxRuntime.Providers);

    [Fact]
    public unsafe void A_status_becomes_an_exception_with_code_and_text()
    {
        var api = OrtApi.Current;
        nint status;
        fixed (byte* text = "Größe passt nicht\0"u8)
            status = api.CreateStatus(9, text);
        var failure = Assert.Throws<NativeException>(() => api.Check(status, "here"));
        Assert.Equal(9, failure.Code);
        Assert.Equal("here: Größe passt nicht", failure.Message);
    }
}

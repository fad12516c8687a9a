using MlPipelines.Execution;
using MlPipelines.Native;

namespace MlPipelines.Tests.Native;

public class NativeLibrariesTests
{
    [Fact, Trait("Category", "Runtime")]
    public void Onnx_runtime_is_found_beside_the_application() =>
        Assert.StartsWith(AppContext.BaseDirectory, OnnxRuntime.Location, StringComparison.Ordinal);

    [Fact, Trait("Category", "Runtime")]
    public void Libvips_is_found_and_exports_the_c_api() =>
        Assert.NotEqual(0, System.Runtime.InteropServices.NativeLibrary.GetExport(NativeLibraries.HandleOf(NativeLibraries.Vips), "vips_operation_new"));

    [Fact]
    public void The_application_s_own_library_comes_before_ours()
    {
        var candidates = NativeLibraries.Candidates(NativeLibraries.OnnxRuntime).Select(Path.GetFileName).ToList();
        var ours = OperatingSystem.IsWindows() ? "onnxruntime.1.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib" : "libonnxruntime.so.1";
        Assert.True(candidates.IndexOf(ours) > 0);
        Assert.DoesNotContain(ours, candidates.Take(candidates.IndexOf(ours)));
        Assert.True(candidates.IndexOf(ours) >= 2, string.Join(", ", candidates));
    }

    [Fact]
    public void A_missing_library_is_an_error_that_lists_the_places_and_the_remedy()
    {
        var error = Assert.Throws<NativeException>(() => NativeLibraries.Locate("onnxruntime", ["/nowhere/a.so", "/nowhere/b.so"]));
        Assert.Contains("/nowhere/a.so: no such file", error.Message);
        Assert.Contains("/nowhere/b.so: no such file", error.Message);
        Assert.Contains("MLPIPELINES_NATIVE", error.Message);
    }

    [Fact]
    public void A_file_that_is_no_library_is_named_with_the_loader_s_text()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "text");
            var error = Assert.Throws<NativeException>(() => NativeLibraries.Locate("onnxruntime", [path]));
            Assert.Contains(path, error.Message);
            Assert.DoesNotContain("no such file", error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

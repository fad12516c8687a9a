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
        var (common, ours) = OperatingSystem.IsWindows() ? ("onnxruntime.dll", "onnxruntime.1.dll")
            : OperatingSystem.IsMacOS() ? ("libonnxruntime.dylib", "libonnxruntime.1.dylib")
            : ("libonnxruntime.so", "libonnxruntime.so.1");
        var files = NativeLibraries.Candidates(NativeLibraries.OnnxRuntime).Where(Path.IsPathRooted).Select(Path.GetFileName).ToList();
        Assert.NotEmpty(files);
        Assert.InRange(files.LastIndexOf(common), 0, files.IndexOf(ours) - 1);
    }

    [Fact]
    public void A_folder_that_is_set_comes_first()
    {
        var folder = Directory.CreateTempSubdirectory();
        AppContext.SetData(NativeLibraries.Setting, folder.FullName);
        try
        {
            Assert.Equal(folder.FullName, Path.GetDirectoryName(NativeLibraries.Candidates(NativeLibraries.Vips).First()));
        }
        finally
        {
            AppContext.SetData(NativeLibraries.Setting, null);
            folder.Delete();
        }
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

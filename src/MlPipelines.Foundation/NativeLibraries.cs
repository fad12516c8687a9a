using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>Finds the native libraries: in the folder set by the user, beside the application, beside this library, in the system.</summary>
/// <remarks>A library that the application brought itself (such as the one of a Microsoft.ML.OnnxRuntime package) wins over ours.</remarks>
static class NativeLibraries
{
    internal const string OnnxRuntime = "onnxruntime";
    internal const string Vips = "vips";

    /// <summary>The application setting, and the environment variable, that name a folder to look in first.</summary>
    internal const string Setting = "MlPipelines.NativePath", Variable = "MLPIPELINES_NATIVE";

    static readonly ConcurrentDictionary<string, (nint Handle, string Path)> Loaded = new();
    static readonly Lock Loading = new();

    /// <summary>Where the library was loaded from.</summary>
    /// <exception cref="NativeException">It is nowhere.</exception>
    internal static string PathOf(string library) => Load(library).Path;

    /// <summary>The loaded library.</summary>
    /// <exception cref="NativeException">It is nowhere, or cannot be loaded.</exception>
    internal static nint HandleOf(string library) => Load(library).Handle;

    /// <summary>Lets native calls of an assembly find the libraries here.</summary>
    internal static void Resolve(Assembly assembly) => NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name is OnnxRuntime or Vips ? HandleOf(name) : 0);

    static (nint Handle, string Path) Load(string library)
    {
        if (Loaded.TryGetValue(library, out var found))
            return found;
        lock (Loading)
        {
            return Loaded.GetOrAdd(library, name => Locate(name, Candidates(name)));
        }
    }

    /// <summary>Loads the first of the files that is one; a bare name is the system's to find.</summary>
    internal static (nint Handle, string Path) Locate(string library, IEnumerable<string> candidates)
    {
        var tried = new List<string>();
        foreach (var path in candidates)
        {
            if (!Path.IsPathRooted(path) || File.Exists(path))
            {
                try
                {
                    return (NativeLibrary.Load(path), path);
                }
                catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
                {
                    tried.Add($"{path}: {FirstLine(e.Message)}");
                    continue;
                }
            }
            tried.Add($"{path}: no such file");
        }
        throw new NativeException($"""
            {library} ({Rid}): the native library was not found. Build MlPipelines with npm at hand, or set {Variable} to a folder that holds it. Looked at:
              {string.Join("\n  ", tried.Distinct())}
            """);
    }

    internal static IEnumerable<string> Candidates(string library)
    {
        var (common, ours) = FileNames(library);
        var folders = Folders().Distinct().ToArray();
        return
        [
            .. Explicit is { } folder ? [Path.Combine(folder, common), Path.Combine(folder, ours)] : Array.Empty<string>(),
            .. folders.Select(f => Path.Combine(f, common)),
            .. folders.Select(f => Path.Combine(f, ours)),
            common, ours,
        ];
    }

    static string? Explicit
    {
        get
        {
            var (folder, name) = AppContext.GetData(Setting) is string { Length: > 0 } setting ? (setting, Setting) : (Environment.GetEnvironmentVariable(Variable), Variable);
            return string.IsNullOrEmpty(folder) ? null
                : Directory.Exists(folder) ? Path.GetFullPath(folder)
                : throw new NativeException($"{name}: got '{folder}', needs a folder that exists. Correct it, or leave it out.");
        }
    }

    static IEnumerable<string> Folders()
    {
        var beside = Path.GetDirectoryName(typeof(NativeLibraries).Assembly.Location);
        foreach (var folder in new[] { AppContext.BaseDirectory, beside })
        {
            if (string.IsNullOrEmpty(folder))
                continue;
            yield return Path.Combine(folder, "runtimes", Rid, "native");
            yield return Path.TrimEndingDirectorySeparator(folder);
        }
        // Where the host found the native files of packages: their cache in a build, a temporary folder in a single-file application.
        var host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in host.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return Path.TrimEndingDirectorySeparator(folder);
    }

    /// <summary>The file name that other packages and systems use, then the one under which ours comes.</summary>
    static (string Common, string Ours) FileNames(string library) => (library, Os) switch
    {
        (OnnxRuntime, "win") => ("onnxruntime.dll", "onnxruntime.1.dll"),
        (OnnxRuntime, "osx") => ("libonnxruntime.dylib", "libonnxruntime.1.dylib"),
        (OnnxRuntime, _) => ("libonnxruntime.so", "libonnxruntime.so.1"),
        (_, "win") => ("libvips-42.dll", "libvips-42.dll"),
        (_, "osx") => ("libvips.42.dylib", "libvips-cpp.dylib"),
        _ => ("libvips.so.42", "libvips-cpp.so"),
    };

    static string Os => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
    static string Rid => $"{Os}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].Trim();
}

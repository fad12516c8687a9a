using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>ONNX Runtime's environment, one for the process and until its end, and what all sessions share.</summary>
sealed unsafe class OrtEnvironment
{
    const int Warning = 2, ArenaAllocator = 1, DefaultMemory = 0;

    static readonly Lazy<OrtEnvironment> Created = new(() => new OrtEnvironment());

    OrtEnvironment()
    {
        OrtTelemetry.Disable();
        Api = OrtApi.Current;
        nint environment, memory, allocator;
        fixed (byte* name = "MlPipelines\0"u8)
            Api.Check(Api.CreateEnvWithCustomLogger(&Log, 0, Warning, name, &environment));
        Api.Check(Api.DisableTelemetryEvents(environment));
        Api.Check(Api.CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &memory));
        Api.Check(Api.GetAllocatorWithDefaultOptions(&allocator));
        (Handle, Memory, Allocator) = (environment, memory, allocator);
        Providers = ReadProviders();
    }

    internal static OrtEnvironment Current => Created.Value;

    /// <summary>Warnings and errors of the runtime: severity (2 warning, 3 error, 4 fatal), category, text. May be raised on any thread.</summary>
    internal static event Action<int, string, string>? Logged;

    internal OrtApi Api { get; }
    internal nint Handle { get; }

    /// <summary>Describes memory that the processor reads and writes.</summary>
    internal nint Memory { get; }

    internal nint Allocator { get; }

    /// <summary>Names of the execution providers the library holds.</summary>
    internal IReadOnlyList<string> Providers { get; }

    /// <summary>Takes over a text that the runtime allocated.</summary>
    internal string Take(byte* text)
    {
        var copy = Utf8.Text(text);
        Api.Check(Api.AllocatorFree(Allocator, text));
        return copy;
    }

    string[] ReadProviders()
    {
        byte** names;
        int count;
        Api.Check(Api.GetAvailableProviders(&names, &count));
        var providers = new string[count];
        for (var i = 0; i < count; i++)
            providers[i] = Utf8.Text(names[i]);
        Api.Check(Api.ReleaseAvailableProviders(names, count));
        return providers;
    }

    [UnmanagedCallersOnly]
    static void Log(nint _, int severity, byte* category, byte* session, byte* location, byte* message)
    {
        try
        {
            Logged?.Invoke(severity, Utf8.Text(category), Utf8.Text(message));
        }
#pragma warning disable CA1031 // A listener's exception must not cross the runtime's own frames.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

namespace MlPipelines.Native;

/// <summary>ONNX Runtime's session options while a session is being made.</summary>
sealed unsafe class OrtSessionSettings : IDisposable
{
    readonly OrtApi api = OrtEnvironment.Current.Api;

    internal OrtSessionSettings()
    {
        nint handle;
        api.Check(api.CreateSessionOptions(&handle));
        Handle = handle;
    }

    internal nint Handle { get; private set; }

    internal void Threads(int count) => api.Check(api.SetIntraOpNumThreads(Handle, count));
    internal void Optimization(int level) => api.Check(api.SetSessionGraphOptimizationLevel(Handle, level));
    internal void NoMemoryPattern() => api.Check(api.DisableMemPattern(Handle));
    internal void Operators(OrtCustomOperators operators) => api.Check(api.AddCustomOpDomain(Handle, operators.Domain));

    internal void Profile(string prefix)
    {
        fixed (byte* path = Utf8.Path(prefix))
            api.Check(api.EnableProfiling(Handle, path));
    }

    internal void Entry(string key, string value)
    {
        fixed (byte* k = Utf8.Bytes(key), v = Utf8.Bytes(value))
            api.Check(api.AddSessionConfigEntry(Handle, k, v), key);
    }

    internal void Cuda(int device)
    {
        nint options;
        api.Check(api.CreateCudaOptions(&options), "CUDA");
        try
        {
            fixed (byte* key = "device_id\0"u8, value = Utf8.Bytes(device.ToString()))
                api.Check(api.UpdateCudaOptions(options, &key, &value, 1), "CUDA");
            api.Check(api.AppendCuda(Handle, options), "CUDA");
        }
        finally
        {
            api.ReleaseCudaOptions(options);
        }
    }

    /// <summary>Adds a provider that the runtime knows by a short name.</summary>
    internal void Provider(string name, int? device)
    {
        fixed (byte* provider = Utf8.Bytes(name), key = "device_id\0"u8, value = Utf8.Bytes($"{device}"))
            api.Check(api.AppendProvider(Handle, provider, &key, &value, device is null ? 0u : 1u), name);
    }

    public void Dispose()
    {
        api.ReleaseSessionOptions(Handle);
        Handle = 0;
    }
}
